using Gateway.LoadTest.Accounting;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Client;
using Gateway.LoadTest.Display;
using Gateway.LoadTest.Events;
using Gateway.LoadTest.Http;
using Gateway.LoadTest.Machine;
using Gateway.LoadTest.Operator;
using Gateway.LoadTest.Results;

namespace Gateway.LoadTest.Run;

/// <summary>Loads one target: warm-up, its top rate where a share of it is wanted, then what counts.</summary>
internal sealed class TargetLoad(LoadOptions options, IDisplay display, Target target, ProcessProbe? server)
{
    private static readonly TimeSpan TopRateTime = TimeSpan.FromSeconds(4);

    // A broker clears away the messages of the target before: for a second it took three quarters of the next one's rate.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    private bool _isWarm;
    private double? _topRate;

    public LoadShape Shape { get; } = new(
        options.Concurrency, options.Requests, options.Duration, options.Rate?.PerSecond, options.Duplicates, options.Burst, options.Timeout);

    /// <param name="settle">Asked until nothing is pending any more; null does not wait.</param>
    public async Task WarmUpAsync(OperatorClient? settle, CancellationToken cancellationToken)
    {
        if (!_isWarm && !options.WarmUp.IsNone)
        {
            var shape = Shape with
            {
                Requests = options.WarmUp.Requests, Duration = options.WarmUp.Duration, Rate = null, Duplicates = 0, Burst = false,
                Connections = Math.Min(Shape.Connections, 100),
            };
            await RunAsync($"Warming up: {target.Name}", shape, server: null, cancellationToken);
        }

        _isWarm = true;
        if (options.Rate?.ShareOfTop is not null) _topRate ??= await TopRateAsync(cancellationToken);
        if (settle is not null) await SettleAsync(settle, cancellationToken);
    }

    public async Task<(LoadResult Result, Cargo Cargo)> LoadAsync(string title, CancellationToken cancellationToken)
    {
        var shape = options.Rate?.ShareOfTop is { } share ? Shape with { Rate = Math.Max(1, share * _topRate!.Value) } : Shape;
        var offered = shape.Rate is { } rate ? FormattableString.Invariant($" with {rate:N0} requests a second") : "";
        if (options.TakesTurns) await Task.Delay(Rest, cancellationToken);
        var (result, cargo) = await RunAsync($"Loading: {target.Name}{offered}{title}", shape, server, cancellationToken);
        return (result with { TopRate = _topRate }, cargo);
    }

    public async Task SettleAsync(OperatorClient gateway, CancellationToken cancellationToken)
    {
        var counts = await gateway.FirstCountsAsync(cancellationToken);
        if (counts.IsIdle) return;
        await display.DrainAsync($"Waiting until {target.Name} is idle", async tell =>
        {
            var idle = await new DrainWatch(gateway, options.DrainLimit, tell).WaitUntilIdleAsync(cancellationToken);
            return idle ? idle : throw new CannotRunException(
                $"The gateway is not idle after {Units.Text(options.DrainLimit)}: what it still does would be measured too.");
        });
    }

    private async Task<double> TopRateAsync(CancellationToken cancellationToken)
    {
        var shape = Shape with { Requests = null, Duration = TopRateTime, Rate = null, Burst = false };
        var (result, _) = await RunAsync($"Measuring the top rate: {target.Name}", shape, server: null, cancellationToken);
        return result.Rate;
    }

    private async Task<(LoadResult Result, Cargo Cargo)> RunAsync(
        string title, LoadShape shape, ProcessProbe? server, CancellationToken cancellationToken)
    {
        var events = new CourierEvents(Guid.NewGuid().ToString("N")[..10], target.Door, options.Secret);
        var cargo = new Cargo(events, new EventPlan(shape.Requests ?? long.MaxValue, shape.Duplicates), new EventLedger());
        var result = await display.LoadAsync(title, watch => new LoadRunner(target, cargo, shape).RunAsync(watch, server, cancellationToken));
        return (result, cargo);
    }
}
