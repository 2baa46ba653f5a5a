using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>Rejected requests by hour, source and reason, until they are stored.</summary>
internal sealed class RejectionCounts(TimeProvider time)
{
    /// <summary>Further sources share one name, so that the memory is bounded where the store is unavailable.</summary>
    public const int MaxNames = 1000;

    private const string OtherSources = "~other";

    private readonly Lock _changing = new();
    private readonly Dictionary<RejectionHour, long> _counts = [];

    public void Add(string? source, string reason)
    {
        var hour = new RejectionHour(RejectionHour.Of(time.GetUtcNow()), source ?? "", reason);
        lock (_changing) Add(hour, 1);
    }

    /// <summary>All of the last 24 hours; they stay.</summary>
    public IReadOnlyList<RejectionCount> Read()
    {
        var oldest = RejectionHour.OldestAt(time.GetUtcNow());
        lock (_changing)
        {
            foreach (var hour in _counts.Keys.Where(hour => hour.Start < oldest).ToList()) _counts.Remove(hour);
            return [.. _counts.Select(one => new RejectionCount(one.Key, one.Value))];
        }
    }

    /// <summary>What is stored now; the caller puts it back where that fails.</summary>
    public IReadOnlyList<RejectionCount> Take()
    {
        lock (_changing)
        {
            var taken = Read();
            _counts.Clear();
            return taken;
        }
    }

    public void PutBack(IReadOnlyList<RejectionCount> taken)
    {
        lock (_changing)
            foreach (var one in taken) Add(one.Hour, one.Count);
    }

    private void Add(RejectionHour hour, long count)
    {
        if (_counts.Count >= MaxNames && !_counts.ContainsKey(hour)) hour = hour with { Source = OtherSources };
        _counts[hour] = _counts.GetValueOrDefault(hour) + count;
    }
}
