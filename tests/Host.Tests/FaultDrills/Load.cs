using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Senders, two ingest processes, two workers and a routing service under load.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly Drill _drill;
    private readonly RoutingStub _stub;
    private readonly Senders _senders;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _posting;

    private Load(
        Drill drill, RoutingStub stub, IReadOnlyList<Replica> ingestReplicas, IReadOnlyList<Replica> workers, IDrillFeed feed)
    {
        (_drill, _stub, IngestReplicas, Workers) = (drill, stub, ingestReplicas, workers);
        _senders = new Senders(feed);
        _posting = _senders.PostUntilAsync(
            [.. ingestReplicas.Select(replica => (Func<GatewayClient>)(() => replica.Client))], _end.Token);
    }

    public IReadOnlyList<Replica> IngestReplicas { get; }

    public IReadOnlyList<Replica> Workers { get; }

    public RoutingStub Stub => _stub;

    public static async Task<Load> StartAsync(Drill drill, IDrillFeed? feed = null)
    {
        var stub = await RoutingStub.StartAsync(delayMs: drill.Random.Next(100, 601));
        try
        {
            var ingestReplicas = await Task.WhenAll(drill.IngestAsync(), drill.IngestAsync());
            var workers = await Task.WhenAll(drill.WorkerAsync(stub.Url), drill.WorkerAsync(stub.Url));
            await drill.ReadyAsync();
            await drill.Backends.RabbitMq.SaveQueueNamesAsync();
            return new Load(drill, stub, ingestReplicas, workers, feed ?? new DrillFeed(drill.Seed));
        }
        catch
        {
            await stub.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Returns when all processes are ready and a random number of further events was accepted and routed. Events without an
    /// answer are sent again here, not at the end: ingest may have taken one for a duplicate, and later faults must not hide it.
    /// </summary>
    public async Task ContinueAsync()
    {
        await _drill.ReadyAsync();
        await _senders.RepeatUnknownAsync(IngestReplicas[0].Client);
        await AcceptedAsync(_drill.Random.Next(20, 200));
        var calls = await _stub.RequestsAsync() + _drill.Random.Next(1, 100);
        await Until.TrueAsync(_stub.RequestsAsync, requests => _posting.IsCompleted || requests >= calls);
        await StillPostingAsync();
    }

    /// <summary>Answered with success.</summary>
    public Task AcceptedAsync(int more) => ReachedAsync(() => _senders.Answers, more);

    /// <summary>Answered 503.</summary>
    public Task UnavailableAsync(int more) => ReachedAsync(() => _senders.Unavailable, more);

    /// <summary>Accepted or not.</summary>
    public Task TriedAsync(int more) => ReachedAsync(() => _senders.Tries, more);

    /// <summary>The end of every drill: each accepted event is stored, and took effect once.</summary>
    public async Task ShouldAddUpAsync()
    {
        await EndAsync();
        // A new client has no accepted events of its own, so it does not wait for them.
        using var gateway = Workers[0].Process.NewClient(GatewayHost.Secret);
        await Accounting.QuietAsync(gateway, _senders);
        await Accounting.ShouldAddUpAsync(gateway, _senders, _stub);
        var requests = await _stub.RequestsAsync();
        await Accounting.RepetitionsShouldChangeNothingAsync(IngestReplicas[0].Client, gateway, _senders, _stub);
        var again = (await _stub.KeysAsync()).Values.Sum(key => key.Answers - 1);
        _drill.Report($"{_senders.Accepted.Count} events accepted, {_senders.NotAcceptedAtFirst} not at first, {requests} calls, "
                   + $"{again} routed again, with an attempt that explains it: {await Counts.OfAsync(gateway)}");
    }

    /// <summary>Returns when each request has an answer.</summary>
    public async Task<Senders> EndAsync()
    {
        await _drill.ReadyAsync();
        await _end.CancelAsync();
        await _posting;
        await _senders.RepeatUnknownAsync(IngestReplicas[0].Client);
        return _senders;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _posting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stub.DisposeAsync();
        _end.Dispose();
    }

    private async Task ReachedAsync(Func<int> count, int more)
    {
        var enough = count() + more;
        await Until.TrueAsync(() => _posting.IsCompleted || count() >= enough);
        await StillPostingAsync();
    }

    /// <summary>A sender ends with an exception when the answer is neither 202 nor 503.</summary>
    private Task StillPostingAsync() => _posting.IsCompleted ? _posting : Task.CompletedTask;
}
