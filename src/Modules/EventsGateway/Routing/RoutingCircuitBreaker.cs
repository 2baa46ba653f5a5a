using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Gateway.EventsGateway.Routing;

/// <summary>
/// Two Polly circuit breakers: one opens after a streak of transient results, the other at a ratio of them. Polly becomes
/// half-open only when a call executes, so the dispatcher uses <see cref="BreakRemaining"/>: it waits for the end of the break
/// and then sends one probe.
/// </summary>
internal sealed class RoutingCircuitBreaker(
    IOptions<RoutingOptions> options, TimeProvider time, ILogger<RoutingCircuitBreaker> log)
{
    private readonly RoutingOptions _options = options.Value;
    private readonly CircuitBreakerStateProvider _streak = new();
    private readonly CircuitBreakerStateProvider _ratio = new();
    private int _failuresInARow;
    private long _openSince;
    private long _openUntil;

    public bool IsClosed => _streak.CircuitState == CircuitState.Closed && _ratio.CircuitState == CircuitState.Closed;

    /// <summary>Zero when a probe may be sent.</summary>
    public TimeSpan BreakRemaining
    {
        get
        {
            var remaining = time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _openUntil));
            return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
        }
    }

    /// <summary>Zero or negative during a break; the longest possible time before the first one.</summary>
    public TimeSpan SinceBreakEnded
        => Volatile.Read(ref _openUntil) is var until and not 0 ? time.GetElapsedTime(until) : TimeSpan.MaxValue;

    /// <summary>Zero while the circuit is closed.</summary>
    public TimeSpan OpenFor
        => Volatile.Read(ref _openSince) is var since and not 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public void AddTo(ResiliencePipelineBuilder<RoutingResponse> pipeline)
        => pipeline
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<RoutingResponse>
            {
                Name = "streak",
                ShouldHandle = args => ValueTask.FromResult(CompletesStreak(args.Outcome)),
                // CompletesStreak counts the failures. With these three settings each result that it reports opens the circuit.
                FailureRatio = 0,
                MinimumThroughput = 2,
                SamplingDuration = TimeSpan.FromDays(1),
                BreakDuration = _options.BreakerBreak,
                StateProvider = _streak,
                OnOpened = Opened,
                OnClosed = Closed,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<RoutingResponse>
            {
                Name = "ratio",
                ShouldHandle = args => ValueTask.FromResult(IsFailure(args.Outcome)),
                FailureRatio = _options.BreakerRatio,
                MinimumThroughput = _options.BreakerMinimum,
                SamplingDuration = _options.BreakerWindow,
                BreakDuration = _options.BreakerBreak,
                StateProvider = _ratio,
                OnOpened = Opened,
                OnClosed = Closed,
            });

    private static bool IsFailure(Outcome<RoutingResponse> outcome)
        => outcome.Exception is TimeoutRejectedException || outcome.Result is { CountsForBreaker: true };

    private bool CompletesStreak(Outcome<RoutingResponse> outcome)
    {
        // A failed probe opens the circuit again. So does one without a response, which Polly would take for a success.
        if (_streak.CircuitState == CircuitState.HalfOpen && (outcome.Exception is not null || IsFailure(outcome))) return true;
        if (outcome.Exception is BrokenCircuitException or OperationCanceledException) return false;
        if (IsFailure(outcome)) return Interlocked.Increment(ref _failuresInARow) >= _options.BreakerStreak;
        Volatile.Write(ref _failuresInARow, 0);
        return false;
    }

    private ValueTask Opened(OnCircuitOpenedArguments<RoutingResponse> opened)
    {
        var now = time.GetTimestamp();
        Volatile.Write(ref _openUntil, now + (long)(opened.BreakDuration.TotalSeconds * time.TimestampFrequency));
        Interlocked.CompareExchange(ref _openSince, now, 0);
        EventsGatewayLog.CircuitOpened(log, opened.BreakDuration);
        return default;
    }

    private ValueTask Closed(OnCircuitClosedArguments<RoutingResponse> closed)
    {
        // The other breaker may still be open; the next probe closes it.
        if (!IsClosed) return default;
        Volatile.Write(ref _openSince, 0);
        EventsGatewayLog.CircuitClosed(log);
        return default;
    }
}
