using System.Diagnostics;
using System.Globalization;
using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Ingest and worker processes in a sandbox of their own, and a seed from which everything is drawn.</summary>
internal sealed class Drill : IAsyncDisposable
{
    // Fast, so that what a killed worker had in work is taken up within seconds; the retries are the product's.
    private static readonly (string Key, string Value)[] Hurried =
    [
        ("Processing:Lease", "00:00:07"), ("Processing:AttemptTimeout", "00:00:05"), ("Processing:PollInterval", "00:00:00.500"),
        ("Routing:Timeout", "00:00:03"),
    ];

    private readonly ITestOutputHelper _output;
    private readonly Stopwatch _telemetry = Stopwatch.StartNew();
    private readonly List<Replica> _replicas = [];
    private readonly GatewayClient _promises = new(new HttpClient(), GatewayHost.Secret);

    private Drill(Backends backends, ITestOutputHelper output)
    {
        (Backends, Sandbox, _output) = (backends, backends.NewSandbox(), output);
        Random = new Random(Seed);
        Say($"GATEWAY_DRILL_SEED={Seed}");
    }

    public Backends Backends { get; }

    public IReadOnlyDictionary<string, string> Sandbox { get; }

    public int Seed { get; } = DrillSettings.Seed();

    public Random Random { get; }

    /// <summary>A failure tells what is needed to repeat it, and what the processes said last.</summary>
    public static async Task RunAsync(DrillBackends backends, ITestOutputHelper output, Func<Drill, Task> story)
    {
        await using var drill = new Drill(await backends.RunningAsync(), output);
        try
        {
            await story(drill);
        }
        catch (Exception fault)
        {
            throw new ShouldAssertException(
                string.Join('\n', [$"GATEWAY_DRILL_SEED={drill.Seed}: {fault.Message}", .. drill._replicas.Select(one => one.Told())]), fault);
        }
    }

    public void Say(string sentence)
        => _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_telemetry.Elapsed.TotalSeconds,6:0.0} s  {sentence}"));

    public Task<Replica> DoorAsync() => StartAsync("door", [("Role", "Ingest")]);

    public Task<Replica> WorkerAsync(string routingUrl, bool isHurried = true)
        => StartAsync("worker", [("Role", "Worker"), ("Routing:Url", routingUrl), .. isHurried ? Hurried : []]);

    public Task ReadyAsync() => Task.WhenAll(_replicas.Select(replica => replica.ReadyAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas) await replica.DisposeAsync();
        _promises.Dispose();
    }

    private async Task<Replica> StartAsync(string name, IEnumerable<(string Key, string Value)> own)
    {
        var settings = Sandbox.Select(setting => (Key: setting.Key, setting.Value)).Concat(own);
        var replica = new Replica(
            name, settings.Select(setting => ($"Gateway__{setting.Key.Replace(":", "__", StringComparison.Ordinal)}", setting.Value)), _promises);
        _replicas.Add(replica);
        await replica.StartAsync();
        return replica;
    }
}
