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
    public const int Minutes = 60;

    /// <summary>More open containers, or bytes in them, mean that they are not replayed: their sender is told to wait.</summary>
    public const long MaxContainers = 10_000, MaxContainerBytes = 256 * 1024 * 1024;

    /// <summary>Unknown types that are kept; a sender chooses them, so there may be any number.</summary>
    public const int MaxUnknownTypes = 20;

    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly Lock _changing = new();
    private readonly Dictionary<string, long> _rejected = [];
    private readonly Dictionary<string, SecretUse> _secrets = [];
    private readonly Dictionary<string, long> _unknownTypes = [];
    private readonly long[] _acceptedByMinute = new long[Minutes], _rejectedByMinute = new long[Minutes];
    private SourceCounts _counts;
    private DateTimeOffset? _lastRequestAt, _failingSince;
    private string? _lastFailure;
    private long _failuresInARow, _minute, _containers, _containerBytes;

    /// <summary>No more containers can be added.</summary>
    public bool IsFull
        => Volatile.Read(ref _containers) >= MaxContainers || Volatile.Read(ref _containerBytes) >= MaxContainerBytes;

    /// <summary>A request of this sender was answered with success.</summary>
    public void Succeeded(SourceCounts counts, string? secretId)
    {
        lock (_changing)
        {
            var now = Turn();
            _counts += counts;
            _acceptedByMinute[_minute % Minutes] += counts.Accepted;
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
            var now = Turn();
            _rejected[reason] = _rejected.GetValueOrDefault(reason) + 1;
            _rejectedByMinute[_minute % Minutes]++;
            _failingSince ??= now;
            _lastFailure = reason;
            _failuresInARow++;
        }
    }

    /// <summary>As the store has them.</summary>
    public void HasContainers(long count, long bytes)
    {
        Volatile.Write(ref _containers, count);
        Volatile.Write(ref _containerBytes, bytes);
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
            Turn();
            return new SourceRecord(_start, _counts, _lastRequestAt, _failingSince, _lastFailure, _failuresInARow)
            {
                OpenContainers = Volatile.Read(ref _containers),
                IsFull = IsFull,
                Rejected = new Dictionary<string, long>(_rejected),
                Secrets = new Dictionary<string, SecretUse>(_secrets),
                UnknownTypes = new Dictionary<string, long>(_unknownTypes),
                AcceptedByMinute = Series(_acceptedByMinute),
                RejectedByMinute = Series(_rejectedByMinute),
            };
        }
    }

    /// <summary>Clears the minutes that have begun since the last call.</summary>
    private DateTimeOffset Turn()
    {
        var now = time.GetUtcNow();
        var minute = now.ToUnixTimeSeconds() / 60;
        for (var next = Math.Max(_minute + 1, minute - Minutes + 1); next <= minute; next++)
            (_acceptedByMinute[next % Minutes], _rejectedByMinute[next % Minutes]) = (0, 0);
        _minute = Math.Max(_minute, minute);
        return now;
    }

    private long[] Series(long[] ring)
        => [.. Enumerable.Range(1, Minutes).Select(i => ring[(_minute + i) % Minutes])];
}

/// <param name="Accepted">New events.</param>
/// <param name="Duplicates">Events that were accepted before.</param>
/// <param name="Conflicts">Duplicates with another body.</param>
/// <param name="Skipped">Requests or items that the settings of the source leave out.</param>
/// <param name="Unmapped">Items that could not be mapped.</param>
/// <param name="UnmappedRequests">Requests with such items.</param>
/// <param name="Stale">Requests with a timestamp outside the tolerance, where that is only counted.</param>
/// <param name="Handshakes">Handshakes that were answered.</param>
internal readonly record struct SourceCounts(
    long Accepted = 0, long Duplicates = 0, long Conflicts = 0, long Skipped = 0, long Unmapped = 0, long UnmappedRequests = 0,
    long Stale = 0, long Handshakes = 0)
{
    public static SourceCounts operator +(SourceCounts a, SourceCounts b) => new(
        a.Accepted + b.Accepted, a.Duplicates + b.Duplicates, a.Conflicts + b.Conflicts, a.Skipped + b.Skipped,
        a.Unmapped + b.Unmapped, a.UnmappedRequests + b.UnmappedRequests, a.Stale + b.Stale, a.Handshakes + b.Handshakes);
}

internal readonly record struct SecretUse(long Requests, DateTimeOffset LastAt);

/// <param name="Start">Since when it is counted.</param>
/// <param name="Counts">Of all successful requests.</param>
/// <param name="LastRequestAt">The last successful request.</param>
/// <param name="FailingSince">The first of the failures in a row.</param>
/// <param name="LastFailure">The reason of the last one.</param>
/// <param name="FailuresInARow">Failures since the last success.</param>
internal sealed record SourceRecord(
    DateTimeOffset Start, SourceCounts Counts, DateTimeOffset? LastRequestAt, DateTimeOffset? FailingSince, string? LastFailure,
    long FailuresInARow)
{
    /// <summary>Requests that wait for a better mapping, of all processes.</summary>
    public required long OpenContainers { get; init; }

    /// <summary>Further ones are answered 503.</summary>
    public required bool IsFull { get; init; }

    public required IReadOnlyDictionary<string, long> Rejected { get; init; }

    public required IReadOnlyDictionary<string, SecretUse> Secrets { get; init; }

    /// <summary>Types without an entry in the table: their events are SHIPMENT_UPDATED.</summary>
    public required IReadOnlyDictionary<string, long> UnknownTypes { get; init; }

    /// <summary>One number per minute, the current one last.</summary>
    public required IReadOnlyList<long> AcceptedByMinute { get; init; }

    public required IReadOnlyList<long> RejectedByMinute { get; init; }
}
