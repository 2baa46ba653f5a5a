using HdrHistogram;

namespace Gateway.LoadTest.Measure;

/// <summary>Counts and latencies of all groups, for one sample or for the whole run.</summary>
internal sealed class RequestTotals
{
    private readonly long[] _byStatus = new long[600];
    private RequestCounts _counts;

    /// <summary>Latency of accepted requests, in microseconds.</summary>
    public LongHistogram Accepted { get; } = RequestStats.NewHistogram();

    /// <summary>Latency of all other requests, in microseconds.</summary>
    public LongHistogram Others { get; } = RequestStats.NewHistogram();

    public RequestCounts Counts => _counts;

    public long AcceptedEvents => _counts.AcceptedEvents;

    public long AcceptedRequests => Accepted.TotalCount;

    public IReadOnlyDictionary<int, long> ByStatus
        => _byStatus.Select((count, status) => (status, count)).Where(one => one.count > 0).ToDictionary();

    public void Add(LongHistogram accepted, LongHistogram others, long[] byStatus, RequestCounts counts)
    {
        Accepted.Add(accepted);
        Others.Add(others);
        for (var status = 0; status < byStatus.Length; status++) _byStatus[status] += byStatus[status];
        _counts.Add(counts);
    }

    public void Add(RequestTotals other) => Add(other.Accepted, other.Others, other._byStatus, other._counts);
}

/// <param name="AcceptedEvents">Events of accepted requests; those of a repeated request count again.</param>
internal record struct RequestCounts(
    long Sent, long Repeats, long Ended, long AcceptedEvents, long Replayed, long Reconnects, int LongestRetryAfter)
{
    public void Add(RequestCounts other)
    {
        Sent += other.Sent;
        Repeats += other.Repeats;
        Ended += other.Ended;
        AcceptedEvents += other.AcceptedEvents;
        Replayed += other.Replayed;
        Reconnects += other.Reconnects;
        LongestRetryAfter = Math.Max(LongestRetryAfter, other.LongestRetryAfter);
    }
}
