using System.Collections.Concurrent;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>What each source has sent to this process since its start. The configuration bounds the number of sources.</summary>
internal sealed class SourceLedger(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, SourceActivity> _bySource = new();

    public SourceActivity Of(string source) => _bySource.GetOrAdd(source, _ => new SourceActivity(time));
}

/// <summary>The requests of one source. A failure is any answer that is not a success.</summary>
internal sealed class SourceActivity(TimeProvider time)
{
    /// <summary>More open containers, or bytes in them, mean that they are not replayed: their sender is told to wait.</summary>
    public const long MaxContainers = 10_000, MaxContainerBytes = 256 * 1024 * 1024;

    /// <summary>Unknown types that are kept; a sender chooses them, so there may be any number.</summary>
    public const int MaxUnknownTypes = 20;

    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly Lock _changing = new();
    private readonly Dictionary<string, long> _rejected = [];
    private readonly Dictionary<string, SecretUse> _secrets = [];
    private readonly Dictionary<string, long> _unknownTypes = [];
    private readonly MinuteCounts _accepted = new(), _rejectedByMinute = new(), _kept = new(), _keptBytes = new();
    private SourceCounts _counts;
    private DateTimeOffset? _lastRequestAt, _failingSince;
    private string? _lastFailure;
    private long _failuresInARow;
    private (long Count, long Bytes)? _open;

    /// <summary>
    /// No more containers can be added. A process that does not know those of the store counts what it has added itself within
    /// an hour.
    /// </summary>
    public bool IsFull
    {
        get
        {
            lock (_changing) return IsFullAt(time.GetUtcNow());
        }
    }

    /// <summary>A request of this sender was answered with success.</summary>
    public void Succeeded(SourceCounts counts, string? secretId)
    {
        lock (_changing)
        {
            var now = time.GetUtcNow();
            _counts += counts;
            _accepted.Add(now, counts.Accepted);
            (_lastRequestAt, _failingSince, _lastFailure, _failuresInARow) = (now, null, null, 0);
            if (secretId is not null)
                _secrets[secretId] = new SecretUse(_secrets.GetValueOrDefault(secretId).Requests + 1, now);
        }
    }

    /// <summary>It has no proof, so it says nothing about the sender.</summary>
    public void AnsweredHandshake()
    {
        lock (_changing) _counts += new SourceCounts(Handshakes: 1);
    }

    public void Failed(string reason)
    {
        lock (_changing)
        {
            var now = time.GetUtcNow();
            _rejected[reason] = _rejected.GetValueOrDefault(reason) + 1;
            _rejectedByMinute.Add(now, 1);
            _failingSince ??= now;
            _lastFailure = reason;
            _failuresInARow++;
        }
    }

    /// <summary>A request was kept as a container.</summary>
    public void Kept(long bytes)
    {
        lock (_changing)
        {
            var now = time.GetUtcNow();
            _kept.Add(now, 1);
            _keptBytes.Add(now, bytes);
            // Between two reads of the store a fast sender would pass the limit many times.
            if (_open is { } open) _open = (open.Count + 1, open.Bytes + bytes);
        }
    }

    /// <summary>As the store has them.</summary>
    public void HasContainers(long count, long bytes)
    {
        lock (_changing) _open = (count, bytes);
    }

    public void OfUnknownType(string type)
    {
        lock (_changing)
        {
            if (_unknownTypes.Count < MaxUnknownTypes || _unknownTypes.ContainsKey(type))
                _unknownTypes[type] = _unknownTypes.GetValueOrDefault(type) + 1;
        }
    }

    public SourceRecord Read()
    {
        lock (_changing)
        {
            var now = time.GetUtcNow();
            return new SourceRecord(_start, _counts, _lastRequestAt, _failingSince, _lastFailure, _failuresInARow)
            {
                OpenContainers = _open?.Count ?? 0,
                IsFull = IsFullAt(now),
                Rejected = new Dictionary<string, long>(_rejected),
                Secrets = new Dictionary<string, SecretUse>(_secrets),
                UnknownTypes = new Dictionary<string, long>(_unknownTypes),
                AcceptedByMinute = _accepted.Read(now),
                RejectedByMinute = _rejectedByMinute.Read(now),
            };
        }
    }

    private bool IsFullAt(DateTimeOffset now)
    {
        var (count, bytes) = _open ?? (_kept.Read(now).Sum(), _keptBytes.Read(now).Sum());
        return count >= MaxContainers || bytes >= MaxContainerBytes;
    }
}
