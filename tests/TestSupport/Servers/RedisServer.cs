using System.Net;
using System.Net.Sockets;
using System.Text;
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
            "--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1", "--cluster-port", $"{ServerSource.FreePort()}",
            // A master is replaced when it has been silent for this long.
            "--cluster-node-timeout", "2000");

    /// <summary>A sentinel that replaces this master, which it calls mymaster, when it has been silent for a second.</summary>
    internal async Task<RedisServer> StartSentinelAsync()
    {
        var (folder, port) = (ServerSource.NewFolder("sentinel"), ServerSource.FreePort());
        var file = Path.Combine(folder, "sentinel.conf");
        await File.WriteAllTextAsync(file, $"""
            port {port}
            bind 127.0.0.1
            dir {folder}
            sentinel monitor mymaster {Host} {Port} 1
            sentinel down-after-milliseconds mymaster 1000

            """);
        var process = new ServerProcess(folder, Program()!, [file, "--sentinel"]);
        var server = new RedisServer($"127.0.0.1:{port}", process, isShared: false);
        await server.LaunchAsync();
        return server;
    }

    /// <summary>After a kill or a stop: on the same port, without its files.</summary>
    public Task StartAgainEmptyAsync()
    {
        Directory.Delete(Data, recursive: true);
        Directory.CreateDirectory(Data);
        return StartAgainAsync();
    }

    /// <summary>Returns when the answer to a command has one of the texts.</summary>
    public async Task WaitForAsync(string command, params string[] texts)
    {
        using var client = new TcpClient(Host, Port);
        var answer = new byte[16 * 1024];
        await Until.TrueAsync(
            async () =>
            {
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
                return Encoding.ASCII.GetString(answer, 0, await client.GetStream().ReadAsync(answer));
            },
            read => texts.Any(text => read.Contains(text, StringComparison.Ordinal)));
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
