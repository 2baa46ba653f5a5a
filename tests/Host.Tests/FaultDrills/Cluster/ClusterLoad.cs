using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills.Cluster;

/// <summary>Senders with a rate that repeat, ingest processes in turn, workers and a routing service.</summary>
internal sealed class ClusterLoad : IAsyncDisposable
{
    private readonly Drill _drill;
    private readonly RoutingStub _stub;
    private readonly int _perSecond;
    private readonly Senders _senders;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _posting;
    private int _turn;

    private ClusterLoad(
        Drill drill, RoutingStub stub, IReadOnlyList<Replica> ingestReplicas, IReadOnlyList<Replica> workers, int perSecond)
    {
        (_drill, _stub, IngestReplicas, Workers, _perSecond) = (drill, stub, ingestReplicas, workers, perSecond);
        _senders = new Senders(new DrillFeed(drill.Seed));
        _posting = _senders.PostSteadilyAsync(
            () => ingestReplicas[(Interlocked.Increment(ref _turn) & int.MaxValue) % ingestReplicas.Count].Client, perSecond,
            _end.Token);
    }

    public IReadOnlyList<Replica> IngestReplicas { get; }

    public IReadOnlyList<Replica> Workers { get; }

    public RoutingStub Stub => _stub;

    public string Queue => _drill.Sandbox["RabbitMq:Queue"];

    public IEnumerable<string> ReasonsOf503 => IngestReplicas.SelectMany(ingest => ingest.ReasonsOf503);

    public static async Task<ClusterLoad> StartAsync(
        Drill drill, int perSecond, int ingestProcesses = 1, int workerProcesses = 1, int delayMs = 0)
    {
        var stub = await RoutingStub.StartAsync(delayMs);
        try
        {
            var ingest = await Task.WhenAll(Enumerable.Range(0, ingestProcesses).Select(_ => drill.IngestAsync()));
            var workers = await Task.WhenAll(Enumerable.Range(0, workerProcesses).Select(_ => drill.WorkerAsync(stub.Url)));
            await drill.ReadyAsync();
            await drill.Backends.RabbitMq.SaveQueueNamesAsync();
            return new ClusterLoad(drill, stub, ingest, workers, perSecond);
        }
        catch
        {
            await stub.DisposeAsync();
            throw;
        }
    }

    public void BeginMeasurement() => _senders.BeginMeasurement();

    /// <summary>The node that readiness of the first ingest process names.</summary>
    public async Task<RabbitMqServer> ConnectedNodeAsync(RabbitMqCluster cluster)
    {
        var ready = await IngestReplicas[0].Client.GetAsync("/health/ready");
        var detail = ready.GetProperty("checks").GetProperty("rabbitmq").Text("detail")!;
        return cluster.Nodes.Single(node => detail.EndsWith($"{node.Url.Host}:{node.Url.Port}", StringComparison.Ordinal));
    }

    /// <summary>Returns when as many further events were accepted as the senders post in this time.</summary>
    public async Task AcceptedAsync(double seconds)
    {
        var enough = _senders.Answers + (int)(seconds * _perSecond);
        await Until.TrueAsync(() => _posting.IsCompleted || _senders.Answers >= enough, Accounting.Timeout);
        if (_posting.IsCompleted) await _posting;
    }

    /// <summary>Returns when the cache recognises repeated requests of many keys: each server of a cluster has some.</summary>
    public async Task FilteredAsync()
    {
        var webhooks = new Webhooks(_drill.Seed + 1);
        await Until.TrueAsync(
            async () =>
            {
                var some = webhooks.Take(12);
                await Task.WhenAll(some.Select(IsDuplicateAsync));
                return (await Task.WhenAll(some.Select(IsDuplicateAsync))).All(isDuplicate => isDuplicate);
            },
            isFiltered => isFiltered, Accounting.Timeout);
    }

    public void Report(string what)
        => _drill.Report($"{what}: {_senders.Accepted.Count} events accepted, {_senders.Measured()}");

    /// <summary>All processes recover by themselves, each accepted event is stored, and took effect once.</summary>
    public async Task ShouldAddUpAsync()
    {
        await _drill.ReadyAsync();
        await _end.CancelAsync();
        await _posting;
        using var gateway = Workers[0].Process.NewClient(GatewayHost.Secret);
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

    private async Task<bool> IsDuplicateAsync(Webhook webhook)
    {
        using var answer = await IngestReplicas[0].Client.PostSignedAsync(webhook);
        return answer.IsReplayed();
    }
}
