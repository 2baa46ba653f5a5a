namespace Gateway.LoadTest.Measure.Accounting;

/// <summary>Checks against the counts of the routing stub that every event was routed once.</summary>
/// <param name="DistinctKeys">Keys routed since the start of the load.</param>
/// <param name="RepeatedKeys">Keys routed more than once.</param>
/// <param name="Explained">Upper bound of repeated keys whose first call timed out, lost its connection or was abandoned.</param>
internal sealed record RoutingCheck(long DistinctKeys, long RepeatedKeys, long Explained)
{
    public long Doubled => Math.Max(0, RepeatedKeys - Explained);

    /// <summary>The reason why the two readings of the stub cannot be compared; null when they can.</summary>
    public static string? ObstacleOf(StubStats? before, StubStats? after)
    {
        const string notChecked = "The check for events that were routed twice was skipped";
        if (before is null || after is null) return $"{notChecked}: the counts of the routing stub could not be read.";
        // The counts only decrease when the stub restarts.
        var restarted = after.Requests < before.Requests || after.DistinctKeys < before.DistinctKeys
            || after.RepeatedKeys < before.RepeatedKeys;
        return restarted ? $"{notChecked}: the routing stub restarted during the load." : null;
    }

    /// <param name="before">Comparable with <paramref name="after"/>: <see cref="ObstacleOf"/> is null.</param>
    public static async Task<RoutingCheck> OfAsync(
        OperatorClient gateway, StubStats before, StubStats after, IReadOnlyList<EventRow> rows,
        CancellationToken cancellationToken)
    {
        var repeated = after.RepeatedKeys - before.RepeatedKeys;
        var explained = repeated > 0 ? await ExplainedAsync(gateway, rows, cancellationToken) : 0;
        return new RoutingCheck(after.DistinctKeys - before.DistinctKeys, repeated, explained);
    }

    private static async Task<long> ExplainedAsync(
        OperatorClient gateway, IReadOnlyList<EventRow> rows, CancellationToken cancellationToken)
    {
        // Without the key list of the stub, the histories of all events of the run are read.
        var keys = rows.Select(row => row.Key);
        if (await gateway.StubKeysAsync(cancellationToken) is { } stub)
            keys = keys.Where(key => stub.TryGetValue(key, out var known) && known.Answers > 1);
        long explained = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(keys, parallel, async (key, stop) =>
        {
            var history = await gateway.HistoryAsync(key, stop);
            if (history.Attempts.Any(attempt => attempt.ExplainsRepeat)) Interlocked.Increment(ref explained);
        });
        return explained;
    }
}

/// <summary>The counts of the routing stub since its start.</summary>
internal sealed record StubStats(long Requests, long DistinctKeys, long RepeatedKeys);

internal sealed record StubKey(string RouteId, int Answers);

internal sealed record EventHistory(IReadOnlyList<EventAttempt> Attempts);

internal sealed record EventAttempt(string Result)
{
    /// <summary>The routing service may have handled the call without the gateway receiving the response.</summary>
    public bool ExplainsRepeat => Result is "timed-out" or "connection-lost" or "abandoned" or "interrupted";
}
