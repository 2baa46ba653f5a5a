using System.Diagnostics;
using Gateway.LoadTest.Events;
using Gateway.LoadTest.Operator;

namespace Gateway.LoadTest.Accounting;

/// <summary>Remembers how things stood before a load, and tells afterwards whether everything adds up.</summary>
internal sealed class Auditor
{
    private readonly OperatorClient _gateway;
    private readonly EventCounts _before;
    private readonly StubStats? _stubBefore;

    private Auditor(OperatorClient gateway, EventCounts before, StubStats? stubBefore)
        => (_gateway, _before, _stubBefore) = (gateway, before, stubBefore);

    /// <summary>
    /// Begins when nothing is pending that this tool has sent before: it would count among what is settled later.
    /// </summary>
    public static async Task<Auditor> BeginAsync(OperatorClient gateway, CancellationToken cancellationToken)
        => new(gateway, await gateway.FirstCountsAsync(cancellationToken), await gateway.StubStatsAsync(cancellationToken));

    public async Task<Account> CloseAsync(
        CourierEvents events, EventLedger ledger, TimeSpan limit, Action<DrainMoment> tell, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var watch = new DrainWatch(_gateway, limit, tell);
        var (rows, books) = (new List<EventRow>(), new Books());
        var settled = await watch.WaitAsync(_before, ledger.Promised.LongCount(), LookAsync, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (!settled) await LookAsync(cancellationToken);

        var stubAfter = await _gateway.StubStatsAsync(cancellationToken);
        var obstacle = RoutingCheck.ObstacleOf(_stubBefore, stubAfter);
        var routing = obstacle is null ? await RoutingCheck.OfAsync(_gateway, _stubBefore!, stubAfter!, rows, cancellationToken) : null;
        return new Account(settled, seconds, books, routing, SettledRate.Of(rows), watch.Moments) { Unchecked = obstacle };

        async Task<bool> LookAsync(CancellationToken stop)
        {
            rows = await _gateway.RowsAsync(events.MerchantId, stop);
            books = Books.Of(events, ledger, rows);
            return books.IsAllSettled;
        }
    }
}
