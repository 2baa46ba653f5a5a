using HdrHistogram;

namespace Gateway.LoadTest.Counting;

/// <summary>All groups together, of one moment or of the whole run.</summary>
internal sealed class TallySum
{
    private readonly long[] _byStatus = new long[600];
    private TallyCounts _counts;

    /// <summary>Latency of what was answered 202, in microseconds.</summary>
    public LongHistogram Promised { get; } = Tally.NewHistogram();

    /// <summary>How long everything else took.</summary>
    public LongHistogram Others { get; } = Tally.NewHistogram();

    public TallyCounts Counts => _counts;

    public long PromisedCount => _byStatus[202];

    public IReadOnlyDictionary<int, long> ByStatus
        => _byStatus.Select((count, status) => (count, status)).Where(one => one.count > 0).ToDictionary(one => one.status, one => one.count);

    public void Add(LongHistogram promised, LongHistogram others, long[] byStatus, TallyCounts counts)
    {
        Promised.Add(promised);
        Others.Add(others);
        for (var status = 0; status < byStatus.Length; status++) _byStatus[status] += byStatus[status];
        _counts.Add(counts);
    }

    public void Add(TallySum other) => Add(other.Promised, other.Others, other._byStatus, other._counts);
}
