using MongoDB.Driver;

namespace Gateway.Shared.Mongo;

/// <summary>The client settings: some come from the connection string, others are fixed.</summary>
public static class MongoAddress
{
    /// <summary>The database of the original, if the connection string names none.</summary>
    private const string DefaultDatabase = "fincart_events";

    /// <summary>Dispatcher, outcome writes, queue reader and queries each use several connections at once.</summary>
    private const int SmallestPool = 100;

    /// <summary>Longest wait for the store. After it the result of a write is unknown; a claim lasts 30 s.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static bool IsReadable(string uri)
    {
        try
        {
            // With +srv the hosts come from DNS, which must not be needed to validate the text.
            if (Parse(uri) is { Scheme: MongoDB.Driver.Core.Configuration.ConnectionStringScheme.MongoDB } url)
                MongoClientSettings.FromUrl(url).Freeze();
            return true;
        }
        catch (Exception fault) when (
            fault is MongoException or ArgumentException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }

    public static string DatabaseOf(string uri) => Parse(uri).DatabaseName ?? DefaultDatabase;

    public static MongoClientSettings SettingsOf(string uri)
    {
        var settings = MongoClientSettings.FromUrl(Parse(uri));
        settings.ReadPreference = ReadPreference.Primary;
        // Not majority: reads only choose which conditional write to try, and the majority acknowledges that write with all
        // writes before it. Older reads would make claims collide more often.
        settings.ReadConcern = ReadConcern.Local;
        settings.WriteConcern = WriteConcern.WMajority.With(wTimeout: Timeout, journal: true);
        // The driver checks the deployment: a standalone server has no retryable writes.
        settings.RetryWrites = true;
        settings.RetryReads = true;
        // The shortest of the timeouts, so that its reason is the one that is reported.
        settings.ServerSelectionTimeout = Timeout - TimeSpan.FromSeconds(1);
        settings.ConnectTimeout = Timeout;
        settings.SocketTimeout = Timeout;
        settings.WaitQueueTimeout = Timeout;
        settings.MaxConnectionPoolSize = Math.Max(settings.MaxConnectionPoolSize, SmallestPool);
        settings.ApplicationName ??= "gateway";
        return settings;
    }

    private static MongoUrl Parse(string uri)
    {
        var url = new MongoUrl(uri);
        if (url.DatabaseName is { } name) _ = new DatabaseNamespace(name);
        return url;
    }
}
