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
    private readonly int _namesPort = ServerSource.FreePort();

    private RabbitMqNode(string folder)
    {
        string In(string name) => Path.Combine(folder, name);

        _environment = new Dictionary<string, string>
        {
            ["HOME"] = folder, // Where Erlang keeps its cookie.
            ["ERL_EPMD_PORT"] = $"{_namesPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = $"gateway-{Port}@localhost",
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
        };
        // The broker blocks publishers when the disk of a shared machine is nearly full.
        File.WriteAllText(In("rabbitmq.conf"), "disk_free_limit.absolute = 1MB\n");
        File.WriteAllText(In("enabled_plugins"), "[].\n");
        Broker = new ServerProcess(folder, Program!, [], _environment);
        _names = new ServerProcess(ServerSource.NewFolder("epmd"), NameServer!, [], _environment);
    }

    public static bool IsHere => Program is not null && NameServer is not null;

    public ServerProcess Broker { get; }

    public int Port { get; } = ServerSource.FreePort();

    public static async Task<RabbitMqNode> PrepareAsync()
    {
        var node = new RabbitMqNode(ServerSource.NewFolder("rabbitmq"));
        await node._names.StartAsync(() => ServerSource.ListensAsync(node._namesPort));
        return node;
    }

    public async Task ControlAsync(params IEnumerable<string> command)
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
    }

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        await _names.DisposeAsync();
    }
}
