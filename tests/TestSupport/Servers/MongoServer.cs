using MongoDB.Driver;
using Testcontainers.MongoDb;

namespace Gateway.TestSupport.Servers;

/// <summary>A real MongoDB, or another program named <c>mongod</c> on the PATH.</summary>
public sealed class MongoServer : TestServer
{
    private const string Name = "MongoDB";
    private static readonly Lazy<Task<MongoServer>> TheShared = new(FindAsync);

    private MongoServer(string uri, ServerProcess? process = null, bool isShared = true)
        : base(process, isShared) => Uri = uri;

    /// <summary>Without a database.</summary>
    public string Uri { get; }

    /// <summary>The server that all tests of this process share; use a database of your own.</summary>
    public static Task<MongoServer> SharedAsync() => ServerSource.UseAsync(Name, true, () => TheShared.Value);

    /// <summary>A new server that the test may stop or kill; arguments are those of the program.</summary>
    public static Task<MongoServer> StartAsync(params IEnumerable<string> arguments)
        => ServerSource.UseAsync(Name, Program() is not null, () => StartAsync(Program()!, false, arguments));

    public string UriOf(string database)
    {
        var uri = new MongoUrlBuilder(Uri) { DatabaseName = database };
        // Without this, the server looks for the user in the named database.
        if (uri.Username is not null) uri.AuthenticationSource ??= "admin";
        return uri.ToString();
    }

    private protected override Task<bool> IsReadyAsync()
        => Task.FromResult(Process!.Output.Any(line => line.Contains("Waiting for connections", StringComparison.Ordinal)));

    private static Task<MongoServer> FindAsync() => ServerSource.FindAsync(
        Name, "GATEWAY_TEST_MONGODB_URI", uri => new MongoServer(uri),
        Program() is { } program ? () => StartAsync(program, true, []) : null, ContainAsync);

    private static string? Program() => ServerSource.Program("mongod");

    private static async Task<MongoServer> StartAsync(string program, bool isShared, IEnumerable<string> arguments)
    {
        var (folder, port) = (ServerSource.NewFolder("mongo"), ServerSource.FreePort());
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        string[] all = ["--port", $"{port}", "--dbpath", data, "--bind_ip", "127.0.0.1", .. arguments];
        var server = new MongoServer($"mongodb://127.0.0.1:{port}", new ServerProcess(folder, program, all), isShared);
        await server.LaunchAsync();
        return server;
    }

    private static async Task<MongoServer> ContainAsync()
    {
        var container = new MongoDbBuilder("mongo:8.0").Build();
        await container.StartAsync();
        return new MongoServer(container.GetConnectionString());
    }
}
