using Gateway.LoadTest.Operator;

namespace Gateway.LoadTest.Accounting;

/// <summary>What the routing stub says about "once".</summary>
/// <param name="DistinctKeys">Keys that it routed since the load began.</param>
/// <param name="RepeatedKeys">Keys that it routed more than once.</param>
/// <param name="Explained">Of those, at most so many follow a call that timed out, lost its connection or was
/// interrupted.</param>
internal sealed record RoutingCheck(long DistinctKeys, long RepeatedKeys, long Explained)
{
    public long Doubled => Math.Max(0, RepeatedKeys - Explained);

    /// <summary>Why the stub's counts say nothing about a load between them; null when they do.</summary>
    public static string? ObstacleOf(StubStats? before, StubStats? after)
    {
        const string notChecked = "Whether an event was routed twice was not checked";
        if (before is null || after is null) return $"{notChecked}: the routing stub's counts could not be had.";
        // They only grow, but begin again from nothing with the stub.
        var restarted = after.Requests < before.Requests || after.DistinctKeys < before.DistinctKeys || after.RepeatedKeys < before.RepeatedKeys;
        return restarted ? $"{notChecked}: it cannot be, the routing stub has restarted since the load began." : null;
    }

    /// <param name="before">With <paramref name="after"/>, counts without an obstacle.</param>
    public static async Task<RoutingCheck> OfAsync(
        OperatorClient gateway, StubStats before, StubStats after, IReadOnlyList<EventRow> rows, CancellationToken cancellationToken)
    {
        var repeated = after.RepeatedKeys - before.RepeatedKeys;
        var explained = repeated > 0 ? await ExplainedAsync(gateway, rows, cancellationToken) : 0;
        return new RoutingCheck(after.DistinctKeys - before.DistinctKeys, repeated, explained);
    }

    private static async Task<long> ExplainedAsync(OperatorClient gateway, IReadOnlyList<EventRow> rows, CancellationToken cancellationToken)
    {
        // The stub may know which ones it was; else every event of the run is asked.
        var keys = rows.Select(row => row.Key);
        if (await gateway.StubKeysAsync(cancellationToken) is { } stub)
            keys = keys.Where(key => stub.TryGetValue(key, out var known) && known.Answers > 1);
        long explained = 0;
        var four = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(keys, four, async (key, stop) =>
        {
            var history = await gateway.HistoryAsync(key, stop);
            if (history.Attempts.Any(attempt => attempt.ExplainsRepeat)) Interlocked.Increment(ref explained);
        });
        return explained;
    }
}
