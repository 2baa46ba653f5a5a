using System.Diagnostics;

namespace Gateway.LoadTest.Measure.Accounting;

/// <summary>Reads the counts before a load; after it, waits until all events are settled and builds the account.</summary>
internal sealed class DrainCheck
{
    private readonly OperatorClient _gateway;
    private readonly EventCounts _countsBefore;
    private readonly StubStats? _stubBefore;

    private DrainCheck(OperatorClient gateway, EventCounts before, StubStats? stubBefore)
        => (_gateway, _countsBefore, _stubBefore) = (gateway, before, stubBefore);

    /// <summary>Call it only when no earlier event is pending: the drain would count it as settled.</summary>
    public static async Task<DrainCheck> StartAsync(OperatorClient gateway, CancellationToken cancellationToken)
        => new(
            gateway, await gateway.RequireCountsAsync(cancellationToken), await gateway.StubStatsAsync(cancellationToken));

    public async Task<Account> CompleteAsync(
        ISentEvents sent, EventLedger ledger, TimeSpan limit, Action<DrainProgress> onProgress,
        CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var monitor = new DrainMonitor(_gateway, limit, onProgress);
        var (rows, events) = (new List<EventRow>(), new AccountedEvents());
        var settled = await monitor.WaitAsync(_countsBefore, ledger.Accepted.LongCount(), ReadRowsAsync, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        if (!settled) await ReadRowsAsync(cancellationToken);

        var stubAfter = await _gateway.StubStatsAsync(cancellationToken);
        var obstacle = RoutingCheck.ObstacleOf(_stubBefore, stubAfter);
        var routing = obstacle is null
            ? await RoutingCheck.OfAsync(_gateway, _stubBefore!, stubAfter!, rows, cancellationToken)
            : null;
        return new Account(settled, seconds, events, routing, SettledRate.Of(rows), monitor.Progress) { Unchecked = obstacle };

        async Task<bool> ReadRowsAsync(CancellationToken stop)
        {
            rows = await _gateway.RowsAsync(sent.Filters, stop);
            events = AccountedEvents.Of(sent, ledger, rows);
            return events.IsAllSettled;
        }
    }
}
