using Microsoft.Extensions.Logging;

namespace Gateway.Shared.Idempotency;

/// <summary>
/// Whether the service is away, and the one line that says so: away when look-ups or marks fail (a full or read-only
/// Redis still answers look-ups), back when both work again. Each is judged only by what began after the last turn, so
/// that an answer which was on its way meanwhile neither ends an outage nor begins one.
/// </summary>
internal sealed partial class DeduplicationCircuit(TimeProvider time, ILogger log)
{
    /// <summary>After a failure nothing is asked for so long.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _running = new();
    private readonly HashSet<DeduplicationWork> _failing = [];
    private long _failedAt = long.MinValue;
    private long _backAt = long.MinValue;

    public bool IsPausing
    {
        get
        {
            lock (_running) return _failing.Count > 0 && time.GetElapsedTime(_failedAt) < Pause;
        }
    }

    public void Failed(DeduplicationWork work, long begun, Exception fault)
    {
        lock (_running)
        {
            if (begun < _backAt) return;
            var wasWell = _failing.Count == 0;
            _failing.Add(work);
            _failedAt = time.GetTimestamp();
            if (wasWell) LogAway(work, fault.Message);
        }
    }

    public void Worked(DeduplicationWork work, long begun)
    {
        lock (_running)
        {
            if (begun <= _failedAt || !_failing.Remove(work) || _failing.Count > 0) return;
            _backAt = time.GetTimestamp();
            LogBack();
        }
    }

    [LoggerMessage(110, LogLevel.Warning, "redis is away, repeats are not filtered at the door: {Work} failed ({Fault})")]
    private partial void LogAway(DeduplicationWork work, string fault);

    [LoggerMessage(111, LogLevel.Information, "redis is back, repeats are filtered at the door again")]
    private partial void LogBack();
}

internal enum DeduplicationWork
{
    LookUp,
    Mark,
}
