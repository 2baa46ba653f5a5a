using Gateway.Shared.Errors;
using Gateway.Shared.Redis;
using Microsoft.Extensions.Logging;

namespace Gateway.Shared.Idempotency;

/// <summary>
/// Pauses the calls to Redis after a failure and logs each outage once. It opens when look-ups or writes fail (a full or
/// read-only Redis still answers look-ups) and closes when both work again. A result counts only if its call began after the
/// last change, so a call in flight neither opens nor closes the circuit. Two operations that close together, and results
/// that arrive out of order, are the reasons why this is not a Polly circuit breaker. Event ids 110-119.
/// </summary>
internal sealed partial class DeduplicationCircuit(TimeProvider time, ILogger log)
{
    /// <summary>How long calls are paused after a failure.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// An outage is over after this long without a failure: a Redis that answers near the deadline fails now and then, which had
    /// two log lines each time.
    /// </summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    private readonly Lock _changing = new();
    private readonly HashSet<DeduplicationOperation> _failing = [];
    private long _failedAt = long.MinValue;
    private long _closedAt = long.MinValue;
    private long? _outageSince;
    private string _reason = "";

    public bool IsPaused
    {
        get
        {
            lock (_changing) return _failing.Count > 0 && time.GetElapsedTime(_failedAt) < Pause;
        }
    }

    /// <summary>Why calls fail; null without an outage, and after a single failure, such as one slow answer.</summary>
    public string? Outage
    {
        get
        {
            lock (_changing)
                return _outageSince is { } since && time.GetElapsedTime(since, _failedAt) >= Pause ? _reason : null;
        }
    }

    public void Failed(DeduplicationOperation operation, long begun, Exception fault)
    {
        lock (_changing)
        {
            if (begun < _closedAt) return;
            _failing.Add(operation);
            _failedAt = time.GetTimestamp();
            _reason = RedisFault.TextOf(fault);
            if (_outageSince is not null) return;
            _outageSince = _failedAt;
            LogOpened(operation, _reason);
        }
    }

    public void Succeeded(DeduplicationOperation operation, long begun)
    {
        lock (_changing)
        {
            if (begun <= _failedAt) return;
            if (_failing.Remove(operation) && _failing.Count == 0) _closedAt = time.GetTimestamp();
            if (_failing.Count > 0 || _outageSince is null || time.GetElapsedTime(_failedAt) < Calm) return;
            _outageSince = null;
            LogClosed();
        }
    }

    /// <summary>A probe was answered: it is judged as a look-up, and proves that entries can be added.</summary>
    public void Answered(long begun, TimeSpan deadline)
    {
        var took = time.GetElapsedTime(begun);
        if (took <= deadline)
        {
            Succeeded(DeduplicationOperation.LookUp, begun);
        }
        else
        {
            Failed(DeduplicationOperation.LookUp, begun, new TimeoutException(
                $"too slow: {took.TotalMilliseconds:0} ms, look-ups are allowed {deadline.TotalMilliseconds} ms"));
        }

        Succeeded(DeduplicationOperation.Add, begun);
    }

    [LoggerMessage(110, LogLevel.Warning,
        "Deduplication cache unavailable, {Operation} failed: {Error}; the store detects duplicates")]
    private partial void LogOpened(DeduplicationOperation operation, OutsideText error);

    [LoggerMessage(111, LogLevel.Information, "Deduplication cache available again")]
    private partial void LogClosed();
}

internal enum DeduplicationOperation
{
    LookUp,
    Add,
}
