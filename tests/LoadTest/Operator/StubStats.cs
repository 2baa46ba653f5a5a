namespace Gateway.LoadTest.Operator;

/// <summary>What the stub of the routing service has seen since it began.</summary>
internal sealed record StubStats(long Requests, long DistinctKeys, long RepeatedKeys);

internal sealed record StubKey(string RouteId, int Answers);

internal sealed record EventHistory(IReadOnlyList<EventAttempt> Attempts);

internal sealed record EventAttempt(string Result)
{
    /// <summary>The call may have been carried out though nobody heard of it: its repeat is no fault.</summary>
    public bool ExplainsRepeat => Result is "timed-out" or "connection-lost" or "interrupted";
}
