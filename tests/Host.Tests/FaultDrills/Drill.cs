using System.Diagnostics;
using System.Globalization;
using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Ingest and worker processes in their own sandbox, and a seed for all random choices.</summary>
internal sealed class Drill : IAsyncDisposable
{
    // Short, so that the events of a killed worker are claimed again within seconds; the retries are those of the defaults.
    private static readonly (string Key, string Value)[] ShortTimeouts =
    [
        ("Processing:Lease", "00:00:07"), ("Processing:AttemptTimeout", "00:00:05"), ("Processing:PollInterval", "00:00:00.500"),
        ("Routing:Timeout", "00:00:03"),
    ];

    /// <summary>
    /// For drills without a fault of the broker: a disk that is busy for seconds then costs time, and no answer 503.
    /// </summary>
    public static readonly (string Key, string Value)[] LongDeadlines =
        [("Webhook:Deadline", "00:01:00"), ("RabbitMq:PublishDeadline", "00:00:55")];

    private readonly ITestOutputHelper _output;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly List<Replica> _replicas = [];
    private readonly GatewayClient _accepted = new(new HttpClient(), GatewayHost.Secret);

    private Drill(Backends backends, ITestOutputHelper output)
    {
        (Backends, Sandbox, _output) = (backends, backends.NewSandbox(), output);
        Random = new Random(Seed);
        Report($"GATEWAY_DRILL_SEED={Seed}");
    }

    public Backends Backends { get; }

    public IReadOnlyDictionary<string, string> Sandbox { get; }

    /// <summary>Of all processes that are started from now on, below <c>Gateway</c>.</summary>
    public List<(string Key, string Value)> Settings { get; } = [];

    /// <summary>The build of all processes that are started from now on; null: this one.</summary>
    public string? OtherHost { get; set; } = DrillSettings.OtherBuild();

    public int Seed { get; } = DrillSettings.Seed();

    public Random Random { get; }

    public static async Task RunAsync(DrillBackends backends, ITestOutputHelper output, Func<Drill, Task> drillSteps)
        => await RunAsync(await backends.RunningAsync(), output, drillSteps);

    /// <summary>A failure includes the seed and the last output of all processes.</summary>
    public static async Task RunAsync(Backends backends, ITestOutputHelper output, Func<Drill, Task> drillSteps)
    {
        await using var drill = new Drill(backends, output);
        try
        {
            await drillSteps(drill);
        }
        catch (Exception fault)
        {
            var outputs = drill._replicas.Select(replica => replica.OutputOfLastProcess());
            throw new ShouldAssertException(
                string.Join('\n', [$"GATEWAY_DRILL_SEED={drill.Seed}: {fault.Message}", .. outputs]), fault);
        }
    }

    public void Report(string message)
        => _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_elapsed.Elapsed.TotalSeconds,6:0.0} s  {message}"));

    public Task<Replica> IngestAsync() => StartAsync("ingest process", [("Role", "Ingest")]);

    public Task<Replica> WorkerAsync(string routingUrl, bool hasShortTimeouts = true)
        => StartAsync(
            "worker process", [("Role", "Worker"), ("Routing:Url", routingUrl), .. hasShortTimeouts ? ShortTimeouts : []]);

    public Task ReadyAsync() => Task.WhenAll(_replicas.Select(replica => replica.ReadyAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas) await replica.DisposeAsync();
        _accepted.Dispose();
    }

    private async Task<Replica> StartAsync(string name, IEnumerable<(string Key, string Value)> own)
    {
        var settings = Sandbox.Select(setting => (Key: setting.Key, setting.Value)).Concat(Settings).Concat(own);
        var environment = settings
            .Select(setting => ($"Gateway__{setting.Key.Replace(":", "__", StringComparison.Ordinal)}", setting.Value));
        var replica = new Replica(name, environment, _accepted) { OtherHost = OtherHost };
        _replicas.Add(replica);
        await replica.StartAsync();
        return replica;
    }
}
