using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Generate.Events;
using Gateway.LoadTest.Generate.Http;
using Gateway.LoadTest.Measure;
using Gateway.LoadTest.Measure.Accounting;
using Gateway.LoadTest.Report.Terminal;

namespace Gateway.LoadTest.Generate;

/// <summary>Loads one target: warm-up, top rate if a share of it is wanted, then the measured load.</summary>
/// <param name="newMix">Makes the requests of a run.</param>
internal sealed class TargetLoad(
    LoadOptions options, IDisplay display, Target target, Func<RequestMix> newMix, ProcessProbe? server)
{
    private static readonly TimeSpan TopRateTime = TimeSpan.FromSeconds(4);

    // A broker still purges the messages of the previous target: for a second this cost the next one three quarters of its rate.
    private static readonly TimeSpan PauseBetweenTargets = TimeSpan.FromSeconds(3);

    private bool _isWarm;
    private double? _topRate;

    public LoadShape Shape { get; } = new(
        options.Concurrency, options.Requests, options.Duration, options.Rate?.PerSecond, options.Duplicates, options.Burst,
        options.Timeout);

    /// <param name="gateway">Waits until this gateway is idle; null does not wait.</param>
    public async Task WarmUpAsync(OperatorClient? gateway, CancellationToken cancellationToken)
    {
        if (!_isWarm) await FirstRequest.ShouldBeAcceptedAsync(target, newMix(), options.Timeout, cancellationToken);
        if (!_isWarm && !options.WarmUp.IsNone)
        {
            var shape = Shape with
            {
                Requests = options.WarmUp.Requests,
                Duration = options.WarmUp.Duration,
                Rate = null,
                Duplicates = 0,
                Burst = false,
                Connections = Math.Min(Shape.Connections, 100),
            };
            await RunAsync($"Warming up: {target.Name}", shape, server: null, cancellationToken);
        }

        _isWarm = true;
        if (options.Rate?.ShareOfTop is not null) _topRate ??= await TopRateAsync(cancellationToken);
        if (gateway is not null) await WaitUntilIdleAsync(gateway, cancellationToken);
    }

    public async Task<(LoadResult Result, RunState State)> LoadAsync(string title, CancellationToken cancellationToken)
    {
        var shape = options.Rate?.ShareOfTop is { } share ? Shape with { Rate = Math.Max(1, share * _topRate!.Value) } : Shape;
        var offered = shape.Rate is { } rate ? FormattableString.Invariant($" with {rate:N0} requests per second") : "";
        if (options.HasComparison) await Task.Delay(PauseBetweenTargets, cancellationToken);
        var (result, state) = await RunAsync($"Loading: {target.Name}{offered}{title}", shape, server, cancellationToken);
        return (result with { TopRate = _topRate }, state);
    }

    public async Task WaitUntilIdleAsync(OperatorClient gateway, CancellationToken cancellationToken)
    {
        var counts = await gateway.RequireCountsAsync(cancellationToken);
        if (counts.IsIdle) return;
        await display.DrainAsync($"Waiting until {target.Name} is idle", async onProgress =>
        {
            var idle = await new DrainMonitor(gateway, options.DrainLimit, onProgress).WaitUntilIdleAsync(cancellationToken);
            return idle ? idle : throw new CannotRunException(
                $"The gateway is not idle after {Units.Text(options.DrainLimit)}: its work would distort the figures.");
        });
    }

    private async Task<double> TopRateAsync(CancellationToken cancellationToken)
    {
        var shape = Shape with { Requests = null, Duration = TopRateTime, Rate = null, Burst = false };
        var (result, _) = await RunAsync($"Measuring the top rate: {target.Name}", shape, server: null, cancellationToken);
        return result.Rate;
    }

    private async Task<(LoadResult Result, RunState State)> RunAsync(
        string title, LoadShape shape, ProcessProbe? server, CancellationToken cancellationToken)
    {
        var state = new RunState(newMix(), new EventPlan(shape.Requests ?? long.MaxValue, shape.Duplicates), new EventLedger());
        var runner = new LoadRunner(target, state, shape);
        var result = await display.LoadAsync(
            title, shape.SecondsLeft, onSample => runner.RunAsync(onSample, server, cancellationToken));
        return (result, state);
    }
}
