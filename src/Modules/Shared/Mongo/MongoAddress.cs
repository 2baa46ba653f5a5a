using MongoDB.Driver;

namespace Gateway.Shared.Mongo;

/// <summary>What a connection string may decide, and what it may not.</summary>
public static class MongoAddress
{
    /// <summary>The original's, where the connection string names none.</summary>
    private const string DefaultDatabase = "fincart_events";

    /// <summary>The dispatcher, its outcome writes, the intake and readers each hold several at once.</summary>
    private const int LeastPool = 100;

    /// <summary>Longest wait for the store: beyond it nobody knows what it did, and a claim has 30 s.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static bool IsReadable(string uri)
    {
        try
        {
            // With +srv the hosts are asked of a name server, which is no matter of the text.
            if (Parse(uri) is { Scheme: MongoDB.Driver.Core.Configuration.ConnectionStringScheme.MongoDB } url)
                MongoClientSettings.FromUrl(url).Freeze();
            return true;
        }
        catch (Exception fault) when (fault is MongoException or ArgumentException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }

    public static string DatabaseOf(string uri) => Parse(uri).DatabaseName ?? DefaultDatabase;

    public static MongoClientSettings SettingsOf(string uri)
    {
        var settings = MongoClientSettings.FromUrl(Parse(uri));
        settings.ReadPreference = ReadPreference.Primary;
        // Not majority: what is read only chooses which conditional write to try, and that one is acknowledged by the
        // majority with everything before it. Older states would make claimers meet more often.
        settings.ReadConcern = ReadConcern.Local;
        settings.WriteConcern = WriteConcern.WMajority.With(wTimeout: Timeout, journal: true);
        // The driver asks the deployment: a standalone server has none.
        settings.RetryWrites = true;
        settings.RetryReads = true;
        // First of all, so that the reason that is told is this one.
        settings.ServerSelectionTimeout = Timeout - TimeSpan.FromSeconds(1);
        settings.ConnectTimeout = Timeout;
        settings.SocketTimeout = Timeout;
        settings.WaitQueueTimeout = Timeout;
        settings.MaxConnectionPoolSize = Math.Max(settings.MaxConnectionPoolSize, LeastPool);
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
