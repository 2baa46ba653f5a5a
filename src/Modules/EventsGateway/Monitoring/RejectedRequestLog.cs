using System.Collections.Concurrent;
using Gateway.Shared.Hosting;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// The latest rejected requests of this process, in memory. Each pair of source and reason keeps a share: where there is no
/// room, the oldest of the most frequent pair goes, so that a flood of one pair leaves the records of the others.
/// </summary>
internal sealed class RejectedRequestLog(TimeProvider time)
{
    public const int Capacity = 200;

    // Each record requires the hash of a body. The configuration bounds the number of sources.
    private const int PerSecond = 20;

    private readonly Lock _changing = new();
    private readonly List<RejectedRequest> _latest = new(Capacity);
    private readonly ConcurrentDictionary<(string? Source, string Reason), Throttle> _throttles = new();

    /// <summary>Keeps some of the requests; returns null where this one is not kept.</summary>
    public RejectedRequest? Report(string? source, string reason, Func<RejectedRequest> recordOf)
    {
        if (!_throttles.GetOrAdd((source, reason), _ => new Throttle(time, PerSecond)).Allows()) return null;
        var record = recordOf();
        Add(record);
        return record;
    }

    public void Add(RejectedRequest request)
    {
        lock (_changing)
        {
            _latest.Add(request);
            if (_latest.Count <= Capacity) return;
            var most = _latest.CountBy(PairOf).MaxBy(pair => pair.Value).Key;
            _latest.RemoveAt(_latest.FindIndex(one => PairOf(one) == most));
        }
    }

    /// <summary>Newest first. Below the number that is kept, each pair has its newest before another has its second.</summary>
    public IReadOnlyList<RejectedRequest> Latest(int limit)
    {
        lock (_changing)
        {
            var ranked = _latest.Index().Reverse().GroupBy(one => PairOf(one.Item))
                .SelectMany(pair => pair.Select((one, rank) => (rank, one)));
            return [.. ranked.OrderBy(one => one.rank).Take(limit).Select(one => one.one).OrderByDescending(one => one.Index)
                .Select(one => one.Item)];
        }
    }

    private static (string?, string) PairOf(RejectedRequest request) => (request.Source, request.Reason);
}
