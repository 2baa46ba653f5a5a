using System.Diagnostics;
using Shouldly;

namespace Gateway.TestSupport.Servers;

/// <summary>
/// The broker of the Linux distribution with all its files in one folder, and with its own name server (epmd). The name server
/// that it would start itself is a daemon that listens on all addresses and does not end with the broker.
/// </summary>
internal sealed class RabbitMqNode : IAsyncDisposable
{
    // The script in /usr/sbin changes to the user of the installed service.
    private static string? Program => ServerSource.Program(
        "rabbitmq-server", "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin", "/usr/lib/rabbitmq/bin");

    private static string? NameServer => ServerSource.Program("epmd", "/usr/lib/erlang/erts-*/bin");

    private readonly Dictionary<string, string> _environment;
    private readonly ServerProcess _names;
    private readonly RabbitMqNode? _first;
    private readonly int _namesPort;
    private readonly string _partitionHandling;

    /// <param name="folder">Its files.</param>
    /// <param name="partitionHandling">What it does when it is cut off from other nodes.</param>
    /// <param name="first">A running node whose cluster this one joins at its start.</param>
    private RabbitMqNode(string folder, string partitionHandling, RabbitMqNode? first = null)
    {
        string In(string name) => Path.Combine(folder, name);
        (_first, _partitionHandling) = (first, partitionHandling);
        _namesPort = first?._namesPort ?? ServerSource.FreePort();

        _environment = new Dictionary<string, string>
        {
            ["HOME"] = first?.Broker.Folder ?? folder, // Where Erlang keeps its cookie.
            ["ERL_EPMD_PORT"] = $"{_namesPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = Name,
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{Port}",
            ["RABBITMQ_DIST_PORT"] = $"{ServerSource.FreePort()}",
            ["RABBITMQ_CONF_ENV_FILE"] = In("no-rabbitmq-env.conf"),
            ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq"),
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = In("config"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
            ["RABBITMQ_MNESIA_BASE"] = In("mnesia"),
            ["RABBITMQ_LOG_BASE"] = In("log"),
            ["RABBITMQ_LOGS"] = "-",
            // Nodes talk to each other on loopback alone; one scheduler, because three nodes share a machine with the test.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1",
        };
        // The broker blocks publishers when the disk of a shared machine is nearly full.
        File.WriteAllText(In("rabbitmq.conf"), $"""
            disk_free_limit.absolute = 1MB
            cluster_partition_handling = {partitionHandling}
            {JoinOf(first)}
            """);
        File.WriteAllText(In("enabled_plugins"), "[].\n");
        Broker = new ServerProcess(folder, Program!, [], _environment);
        _names = first?._names ?? new ServerProcess(ServerSource.NewFolder("epmd"), NameServer!, [], _environment);
    }

    public static bool IsHere => Program is not null && NameServer is not null;

    public ServerProcess Broker { get; }

    public int Port { get; } = ServerSource.FreePort();

    public string Name => $"gateway-{Port}@localhost";

    public static async Task<RabbitMqNode> PrepareAsync(string partitionHandling)
    {
        var node = new RabbitMqNode(ServerSource.NewFolder("rabbitmq"), partitionHandling);
        await node._names.StartAsync(() => ServerSource.ListensAsync(node._namesPort));
        return node;
    }

    /// <summary>Another node with the name server and the cookie of this one, whose cluster it joins.</summary>
    public RabbitMqNode Neighbour() => new(ServerSource.NewFolder("rabbitmq"), _partitionHandling, this);

    /// <summary>Returns the output.</summary>
    public async Task<string> ControlAsync(params IEnumerable<string> command)
    {
        var start = new ProcessStartInfo(Path.Combine(Path.GetDirectoryName(Program)!, "rabbitmqctl"), command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        using var control = Process.Start(start)!;
        var output = await Task.WhenAll(control.StandardOutput.ReadToEndAsync(), control.StandardError.ReadToEndAsync());
        await control.WaitForExitAsync();
        control.ExitCode.ShouldBe(0, string.Concat(output));
        return output[0];
    }

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        if (_first is null) await _names.DisposeAsync();
    }

    private static string JoinOf(RabbitMqNode? first) => first is null ? "" : $"""
        cluster_formation.peer_discovery_backend = classic_config
        cluster_formation.classic_config.nodes.1 = {first.Name}

        """;
}
