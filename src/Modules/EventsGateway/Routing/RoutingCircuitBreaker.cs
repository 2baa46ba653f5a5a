using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Gateway.EventsGateway.Routing;

/// <summary>
/// Two Polly breakers that open at the same illness: so many transient results in a row, or a share of many.
/// Polly changes state only when something executes, so the dispatcher goes by time: it rests for the break, then
/// sends one probe.
/// </summary>
internal sealed class RoutingCircuitBreaker(IOptions<RoutingOptions> options, TimeProvider time, ILogger<RoutingCircuitBreaker> log)
{
    private readonly RoutingOptions _options = options.Value;
    private readonly CircuitBreakerStateProvider _streak = new();
    private readonly CircuitBreakerStateProvider _ratio = new();
    private int _inARow;
    private long _notClosedSince;
    private long _openUntil;

    public bool IsClosed => _streak.CircuitState == CircuitState.Closed && _ratio.CircuitState == CircuitState.Closed;

    /// <summary>What is left of the break; zero when a probe may go.</summary>
    public TimeSpan Rest
    {
        get
        {
            var rest = time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _openUntil));
            return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        }
    }

    /// <summary>How long ago the last break was over: not positive during one, very long when there was none.</summary>
    public TimeSpan SinceRest => Volatile.Read(ref _openUntil) is var until and not 0 ? time.GetElapsedTime(until) : TimeSpan.MaxValue;

    /// <summary>Zero while closed.</summary>
    public TimeSpan NotClosedFor
        => Volatile.Read(ref _notClosedSince) is var since and not 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public void AddTo(ResiliencePipelineBuilder<RoutingResponse> pipeline)
        => pipeline
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<RoutingResponse>
            {
                Name = "streak",
                ShouldHandle = args => ValueTask.FromResult(EndsAStreak(args.Outcome)),
                // The predicate does the counting: whatever it reports opens the breaker, however long ago the rest was.
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

    private bool EndsAStreak(Outcome<RoutingResponse> outcome)
    {
        // A probe that got no answer proves nothing: it must not close the breaker.
        if (_streak.CircuitState == CircuitState.HalfOpen && (outcome.Exception is not null || IsFailure(outcome))) return true;
        if (outcome.Exception is BrokenCircuitException or OperationCanceledException) return false;
        if (IsFailure(outcome)) return Interlocked.Increment(ref _inARow) >= _options.BreakerStreak;
        Volatile.Write(ref _inARow, 0);
        return false;
    }

    private ValueTask Opened(OnCircuitOpenedArguments<RoutingResponse> opened)
    {
        var now = time.GetTimestamp();
        Volatile.Write(ref _openUntil, now + (long)(opened.BreakDuration.TotalSeconds * time.TimestampFrequency));
        Interlocked.CompareExchange(ref _notClosedSince, now, 0);
        EventsGatewayLog.CircuitOpened(log, opened.BreakDuration);
        return default;
    }

    private ValueTask Closed(OnCircuitClosedArguments<RoutingResponse> closed)
    {
        // The other one may still be open; the next probe will close it.
        if (!IsClosed) return default;
        Volatile.Write(ref _notClosedSince, 0);
        EventsGatewayLog.CircuitClosed(log);
        return default;
    }
}
