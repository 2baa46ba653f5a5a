namespace Gateway.EventsGateway.Monitoring;

/// <summary>The latest rejected requests of this process, in memory: the oldest makes room for the newest.</summary>
internal sealed class RejectedRequestLog
{
    public const int Capacity = 200;

    /// <summary>A sender that repeats ids cannot displace the rejected requests of others.</summary>
    public const int ConflictCapacity = 50;

    private readonly Lock _changing = new();
    private readonly List<RejectedRequest> _latest = new(Capacity);

    public void Add(RejectedRequest request)
    {
        lock (_changing)
        {
            if (IsConflict(request) && _latest.Count(IsConflict) == ConflictCapacity)
                _latest.RemoveAt(_latest.FindIndex(IsConflict));
            else if (_latest.Count == Capacity) _latest.RemoveAt(0);
            _latest.Add(request);
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<RejectedRequest> Latest(int limit)
    {
        lock (_changing) return [.. Enumerable.Reverse(_latest).Take(limit)];
    }

    private static bool IsConflict(RejectedRequest request) => request.Reason == RejectionReason.Conflict;
}
