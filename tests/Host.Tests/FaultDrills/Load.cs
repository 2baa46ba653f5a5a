using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Couriers at two doors, two workers and a routing service, in full work until it is settled.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly Drill _drill;
    private readonly RoutingStub _stub;
    private readonly Couriers _couriers;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _posting;

    private Load(Drill drill, RoutingStub stub, IReadOnlyList<Replica> doors, IReadOnlyList<Replica> workers)
    {
        (_drill, _stub, Doors, Workers) = (drill, stub, doors, workers);
        _couriers = new Couriers(new DrillFeed(drill.Seed));
        _posting = _couriers.PostUntilAsync([.. doors.Select(door => (Func<GatewayClient>)(() => door.Client))], _end.Token);
    }

    public IReadOnlyList<Replica> Doors { get; }

    public IReadOnlyList<Replica> Workers { get; }

    public static async Task<Load> StartAsync(Drill drill)
    {
        var stub = await RoutingStub.StartAsync(delayMs: drill.Random.Next(100, 601));
        try
        {
            var doors = await Task.WhenAll(drill.DoorAsync(), drill.DoorAsync());
            var workers = await Task.WhenAll(drill.WorkerAsync(stub.Url), drill.WorkerAsync(stub.Url));
            await drill.ReadyAsync();
            await drill.Backends.RabbitMq.SaveQueueNamesAsync();
            return new Load(drill, stub, doors, workers);
        }
        catch
        {
            await stub.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Until everybody is ready, and a random number of events later: promised and routed. What became unknown is sent again
    /// here, not in the end: a door that took it for seen must not be helped by what happens next.
    /// </summary>
    public async Task GoOnAsync()
    {
        await _drill.ReadyAsync();
        await _couriers.RepeatUnknownAsync(Doors[0].Client);
        await PromisedAsync(_drill.Random.Next(20, 200));
        var calls = await _stub.RequestsAsync() + _drill.Random.Next(1, 100);
        await Until.TrueAsync(_stub.RequestsAsync, requests => _posting.IsCompleted || requests >= calls);
        await StillPostingAsync();
    }

    /// <summary>Answered 202.</summary>
    public Task PromisedAsync(int more) => ReachedAsync(() => _couriers.Answers, more);

    /// <summary>Answered 503.</summary>
    public Task RefusedAsync(int more) => ReachedAsync(() => _couriers.Refusals, more);

    /// <summary>Promised or not.</summary>
    public Task TriedAsync(int more) => ReachedAsync(() => _couriers.Tries, more);

    /// <summary>The end of every drill: nothing is lost, and nothing has an effect twice.</summary>
    public async Task ShouldAddUpAsync()
    {
        await _drill.ReadyAsync();
        await _end.CancelAsync();
        await _posting;
        await _couriers.RepeatUnknownAsync(Doors[0].Client);
        // It was promised nothing itself, so it tells what there is instead of waiting for more.
        using var gateway = Workers[0].Process.NewClient(GatewayHost.Secret);
        await Accounting.QuietAsync(gateway, _couriers);
        await Accounting.ShouldAddUpAsync(gateway, _couriers, _stub);
        var requests = await _stub.RequestsAsync();
        await Accounting.RepetitionsShouldChangeNothingAsync(Doors[0].Client, gateway, _couriers, _stub);
        var repeated = (await _stub.KeysAsync()).Values.Sum(key => key.Answers - 1);
        _drill.Say($"{_couriers.Promised.Count} events promised, {_couriers.Unpromised} not at first, {requests} calls, "
                   + $"{repeated} routed again and explained: {await Counts.OfAsync(gateway)}");
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

    /// <summary>A courier that was answered otherwise than 202 or 503 has ended with the reason.</summary>
    private Task StillPostingAsync() => _posting.IsCompleted ? _posting : Task.CompletedTask;
}
