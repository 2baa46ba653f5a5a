using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Monitoring.History;

/// <summary>
/// The latest points of this process, from its metrics: what was counted since the last recording belongs to the point in the
/// middle of that time. A clock that was set back begins chunks of its own, which do not replace those of before.
/// </summary>
internal sealed class HistoryRecorder(LiveMetrics metrics, Backlog backlog, OtherProcesses self, TimeProvider time)
{
    /// <summary>Of each step. During an outage of the store longer than an hour the oldest points are lost.</summary>
    public const int MaxChunks = 12;

    private readonly Lock _recording = new();
    private readonly Dictionary<SeriesKey, long> _before = [];
    private readonly LatencyReading _accepts = new(), _attempts = new();
    private readonly List<HistoryChunk> _chunks = [];
    private long _lastAt = time.GetTimestamp();
    private Guid _writer = Guid.NewGuid();
    private long _recordings;

    /// <summary>Records until now.</summary>
    /// <param name="since">Rows that have changed since this recording; none for all that are in memory.</param>
    /// <returns>The rows, and the number of this recording.</returns>
    public (IReadOnlyList<HistoryRow> Rows, long Recording) Record(long since = 0)
    {
        lock (_recording)
        {
            var elapsed = time.GetElapsedTime(_lastAt);
            _lastAt = time.GetTimestamp();
            var at = time.GetUtcNow() - (elapsed / 2);
            List<(SeriesKey, long)> counts = [(new("covered"), (long)elapsed.TotalMilliseconds), .. Counted()];
            List<(SeriesKey, long)> levels = [.. Levels()];
            _recordings++;
            foreach (var step in HistoryStep.All) ChunkOf(step, at).Add(at, counts, levels, _recordings);
            return ([.. _chunks.Where(chunk => chunk.ChangedIn > since).Select(RowOf)], _recordings);
        }
    }

    private HistoryRow RowOf(HistoryChunk chunk) => new(chunk.Key, self.OwnId, Environment.MachineName, chunk.Compress());

    private IEnumerable<(SeriesKey Key, long Count)> Counted()
    {
        foreach (var (key, total) in metrics.Series)
        {
            var count = total - _before.GetValueOrDefault(key);
            if (count == 0) continue;
            _before[key] = total;
            yield return (key, count);
        }

        foreach (var (bucket, count) in HistoryBuckets.Read(metrics.Accepts, _accepts))
            yield return (new("accept", bucket), count);
        foreach (var (bucket, count) in HistoryBuckets.Read(metrics.Attempts, _attempts))
            yield return (new("attempt", bucket), count);
    }

    private IEnumerable<(SeriesKey Key, long Level)> Levels()
    {
        metrics.RecordGauges();
        yield return (new("inFlight"), metrics.InFlight);
        if (backlog.Latest?.Queued is { } queued) yield return (new("queued"), queued);
        // During an outage of the store its last counts are outdated.
        if (backlog.Latest is not { Fault: null, Counts: var known }) yield break;
        yield return (new("pending"), known.Pending);
        yield return (new("oldest"), (long)(known.OldestPending?.TotalSeconds ?? 0));
    }

    private HistoryChunk ChunkOf(HistoryStep step, DateTimeOffset at)
    {
        var start = step.StartOf(at);
        var newest = _chunks.LastOrDefault(chunk => chunk.Step == step);
        if (newest?.Key.Start == start && newest.Key.Writer == _writer) return newest;
        if (newest?.Key.Start > start) _writer = Guid.NewGuid();
        var begun = new HistoryChunk(step, start, _writer);
        _chunks.Add(begun);
        if (_chunks.Count(chunk => chunk.Step == step) > MaxChunks) _chunks.Remove(_chunks.First(chunk => chunk.Step == step));
        return begun;
    }
}
