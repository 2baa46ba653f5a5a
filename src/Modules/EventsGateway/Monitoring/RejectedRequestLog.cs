namespace Gateway.EventsGateway.Monitoring;

/// <summary>The last refusals of this process, in memory: a flood of them pushes out the oldest and costs nothing else.</summary>
internal sealed class RejectedRequestLog
{
    public const int Kept = 200;

    /// <summary>So many of them conflicts: a courier who repeats ids hides nobody's refusals.</summary>
    public const int KeptConflicts = 50;

    private readonly Lock _changing = new();
    private readonly List<RejectedRequest> _latest = new(Kept);

    public void Add(RejectedRequest rejection)
    {
        lock (_changing)
        {
            if (IsConflict(rejection) && _latest.Count(IsConflict) == KeptConflicts) _latest.RemoveAt(_latest.FindIndex(IsConflict));
            else if (_latest.Count == Kept) _latest.RemoveAt(0);
            _latest.Add(rejection);
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<RejectedRequest> Latest(int limit)
    {
        lock (_changing) return [.. Enumerable.Reverse(_latest).Take(limit)];
    }

    private static bool IsConflict(RejectedRequest rejection) => rejection.Reason == RejectionReason.Conflict;
}
