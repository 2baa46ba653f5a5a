using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using Testcontainers.Redis;

namespace Gateway.TestSupport.Servers;

/// <summary>A real Redis that writes everything to its disk at once.</summary>
public sealed class RedisServer : TestServer
{
    private const string Name = "Redis";
    private static readonly Lazy<Task<RedisServer>> TheShared = new(FindAsync);

    private RedisServer(string address, ServerProcess? process = null, bool isShared = true)
        : base(process, isShared)
    {
        var options = ConfigurationOptions.Parse(address);
        (Host, Port) = options.EndPoints[0] switch
        {
            DnsEndPoint named => (named.Host, named.Port),
            IPEndPoint numbered => (numbered.Address.ToString(), numbered.Port),
            var other => throw new FormatException($"{other} is no host:port"),
        };
        Password = options.Password ?? "";
    }

    public string Host { get; }

    public int Port { get; }

    public string Password { get; }

    /// <summary>In the syntax of StackExchange.Redis.</summary>
    public string Endpoint => Password.Length == 0 ? $"{Host}:{Port}" : $"{Host}:{Port},password={Password}";

    private string Data => DataOf(Own.Folder);

    /// <summary>The one of this process; use keys of your own.</summary>
    public static Task<RedisServer> SharedAsync() => ServerSource.UseAsync(Name, true, () => TheShared.Value);

    /// <summary>A new server that the test may stop or kill; arguments are those of the program.</summary>
    public static Task<RedisServer> StartAsync(params IEnumerable<string> arguments)
        => ServerSource.UseAsync(Name, Program() is not null, () => StartAsync(Program()!, false, arguments));

    /// <summary>
    /// Without a <c>cluster-port</c> it would take its port and 10,000, which the kernel may have handed to a client.
    /// </summary>
    public static Task<RedisServer> StartClusterNodeAsync()
        => StartAsync(
            "--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1", "--cluster-port", $"{ServerSource.FreePort()}");

    /// <summary>After a kill or a stop: on the same port, without its files.</summary>
    public Task StartAgainEmptyAsync()
    {
        Directory.Delete(Data, recursive: true);
        Directory.CreateDirectory(Data);
        return StartAgainAsync();
    }

    private protected override async Task<bool> IsReadyAsync()
    {
        if (!await ServerSource.ListensAsync(Port)) return false;
        using var client = new TcpClient(Host, Port);
        await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
        var answer = new byte[5];
        // While it reads its files it answers -LOADING.
        return await client.GetStream().ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false) == answer.Length
               && answer.AsSpan().SequenceEqual("+PONG"u8);
    }

    private static Task<RedisServer> FindAsync() => ServerSource.FindAsync(
        Name, "GATEWAY_TEST_REDIS_URL", address => new RedisServer(address),
        Program() is { } program ? () => StartAsync(program, true, []) : null, ContainAsync);

    private static string? Program() => ServerSource.Program("redis-server");

    private static async Task<RedisServer> StartAsync(string program, bool isShared, IEnumerable<string> arguments)
    {
        var (folder, port) = (ServerSource.NewFolder("redis"), ServerSource.FreePort());
        Directory.CreateDirectory(DataOf(folder));
        string[] all =
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", DataOf(folder),
            "--save", "", "--appendonly", "yes", "--appendfsync", "always", .. arguments,
        ];
        var server = new RedisServer($"127.0.0.1:{port}", new ServerProcess(folder, program, all), isShared);
        await server.LaunchAsync();
        return server;
    }

    private static async Task<RedisServer> ContainAsync()
    {
        var container = new RedisBuilder("redis:7.4-alpine").Build();
        await container.StartAsync();
        return new RedisServer(container.GetConnectionString());
    }

    private static string DataOf(string folder) => Path.Combine(folder, "data");
}
