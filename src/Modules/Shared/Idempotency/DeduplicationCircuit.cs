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

    private readonly Lock _changing = new();
    private readonly HashSet<DeduplicationOperation> _failing = [];
    private long _failedAt = long.MinValue;
    private long _closedAt = long.MinValue;

    public bool IsPaused
    {
        get
        {
            lock (_changing) return _failing.Count > 0 && time.GetElapsedTime(_failedAt) < Pause;
        }
    }

    public void Failed(DeduplicationOperation operation, long begun, Exception fault)
    {
        lock (_changing)
        {
            if (begun < _closedAt) return;
            var wasClosed = _failing.Count == 0;
            _failing.Add(operation);
            _failedAt = time.GetTimestamp();
            if (wasClosed) LogOpened(operation, fault.Message);
        }
    }

    public void Succeeded(DeduplicationOperation operation, long begun)
    {
        lock (_changing)
        {
            if (begun <= _failedAt || !_failing.Remove(operation) || _failing.Count > 0) return;
            _closedAt = time.GetTimestamp();
            LogClosed();
        }
    }

    [LoggerMessage(110, LogLevel.Warning,
        "Deduplication cache unavailable, {Operation} failed: {Error}; the store detects duplicates")]
    private partial void LogOpened(DeduplicationOperation operation, string error);

    [LoggerMessage(111, LogLevel.Information, "Deduplication cache available again")]
    private partial void LogClosed();
}

internal enum DeduplicationOperation
{
    LookUp,
    Add,
}
