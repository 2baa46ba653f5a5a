using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills.Cluster;

/// <summary>Senders that repeat, an ingest process, a worker and a routing service on a cluster.</summary>
internal sealed class ClusterLoad : IAsyncDisposable
{
    private readonly Drill _drill;
    private readonly RoutingStub _stub;
    private readonly Replica _ingest;
    private readonly Replica _worker;
    private readonly int _perSecond;
    private readonly Senders _senders;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _posting;

    private ClusterLoad(Drill drill, RoutingStub stub, Replica ingest, Replica worker, int perSecond)
    {
        (_drill, _stub, _ingest, _worker, _perSecond) = (drill, stub, ingest, worker, perSecond);
        _senders = new Senders(new DrillFeed(drill.Seed));
        _posting = _senders.PostSteadilyAsync(() => ingest.Client, perSecond, _end.Token);
    }

    public string Queue => _drill.Sandbox["RabbitMq:Queue"];

    /// <summary>Answers 503 since <see cref="BeginMeasurement"/>.</summary>
    public int Unavailable => _senders.Unavailable;

    public static async Task<ClusterLoad> StartAsync(Drill drill, int perSecond)
    {
        var stub = await RoutingStub.StartAsync(delayMs: 0);
        try
        {
            var (ingest, worker) = (await drill.IngestAsync(), await drill.WorkerAsync(stub.Url));
            await drill.ReadyAsync();
            await drill.Backends.RabbitMq.SaveQueueNamesAsync();
            return new ClusterLoad(drill, stub, ingest, worker, perSecond);
        }
        catch
        {
            await stub.DisposeAsync();
            throw;
        }
    }

    public void BeginMeasurement() => _senders.BeginMeasurement();

    /// <summary>The node that readiness of the ingest process names.</summary>
    public async Task<RabbitMqServer> ConnectedNodeAsync(RabbitMqCluster cluster)
    {
        var ready = await _ingest.Client.GetAsync("/health/ready");
        var detail = ready.GetProperty("checks").GetProperty("rabbitmq").Text("detail")!;
        return cluster.Nodes.Single(node => detail.EndsWith($"{node.Url.Host}:{node.Url.Port}", StringComparison.Ordinal));
    }

    /// <summary>Returns when as many further events were accepted as the senders post in this time.</summary>
    public async Task AcceptedAsync(int seconds)
    {
        var enough = _senders.Answers + (seconds * _perSecond);
        await Until.TrueAsync(() => _posting.IsCompleted || _senders.Answers >= enough, Accounting.Timeout);
        if (_posting.IsCompleted) await _posting;
    }

    public void Report(string what)
        => _drill.Report($"{what}: {_senders.Accepted.Count} events accepted, {_senders.Measured()}");

    /// <summary>Both processes recover by themselves, each accepted event is stored, and took effect once.</summary>
    public async Task ShouldAddUpAsync()
    {
        await _drill.ReadyAsync();
        await _end.CancelAsync();
        await _posting;
        using var gateway = _worker.Process.NewClient(GatewayHost.Secret);
        await Accounting.QuietAsync(gateway, _senders);
        await Accounting.ShouldAddUpAsync(gateway, _senders, _stub);
        _drill.Report($"{_senders.Accepted.Count} events accepted, none lost or repeated: {await Counts.OfAsync(gateway)}");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _stub.DisposeAsync();
        _end.Dispose();
    }
}
