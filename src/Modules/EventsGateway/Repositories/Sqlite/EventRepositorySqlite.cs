using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class EventRepositorySqlite(SqliteDatabase database) : IEventRepository
{
    private const int BatchSize = 500;

    // This process owns the file, so whatever is claimed when it starts was claimed by a dead one.
    private volatile bool _claimsOfEarlierProcessExpired;

    private long Now => database.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<IReadOnlyList<AddedEvent>> AddAsync(IReadOnlyList<AcceptedEvent> events)
        => database.WriteAsync<IReadOnlyList<AddedEvent>>(write =>
        {
            var now = Now;
            var added = new AddedEvent[events.Count];
            var isAnyPurged = Tombstones.Any(write);
            for (var i = 0; i < added.Length; i++)
            {
                // Of a removed event nobody knows the body any more.
                added[i] = isAnyPurged && Tombstones.Has(write, events[i].Key)
                    ? new AddedEvent(AddResult.Duplicate, BodyDiffers: false)
                    : Add(write, events[i], now);
            }

            CountAdded(write, events, added);
            return added;
        });

    public async Task<ClaimedBatch> ClaimDueAsync(ClaimRequest request)
    {
        var isFirst = false;
        try
        {
            return await database.WriteAsync(write =>
            {
                // Decided on the writer's thread: a second claimer must not void what the first has just claimed.
                isFirst |= !_claimsOfEarlierProcessExpired;
                _claimsOfEarlierProcessExpired = true;
                return Claim(write, request, isFirst);
            });
        }
        catch
        {
            if (isFirst) _claimsOfEarlierProcessExpired = false;
            throw;
        }
    }

    public Task<IReadOnlyList<bool>> SaveOutcomesAsync(IReadOnlyList<AttemptOutcome> outcomes)
        => database.WriteAsync<IReadOnlyList<bool>>(write =>
        {
            var now = Now;
            return [.. outcomes.Select(outcome => Save(write, outcome, now))];
        });

    public async Task<IReadOnlyList<EventKey>> FailOverdueAsync(TimeSpan olderThan, string error)
    {
        var bornBefore = Now - (long)olderThan.TotalMilliseconds;
        // Looked for off the writer: a long walk over what is pending must not keep the door waiting.
        var ids = await database.ReadAsync(
            read => read.Query(EventStatements.TooOld, row => row.GetInt64(0), ("@bornBefore", bornBefore), ("@limit", BatchSize)),
            CancellationToken.None);
        if (ids.Count == 0) return [];
        return await database.WriteAsync(write => write.Query(
            EventStatements.FailOverdue, row => new EventKey(row.GetString(0), row.GetString(1)),
            ("@ids", $"[{string.Join(',', ids)}]"), ("@bornBefore", bornBefore), ("@error", error)));
    }

    public Task<ReplayResult> RequeueAsync(IReadOnlyList<EventKey> keys, string by)
        => database.WriteAsync(write =>
        {
            var now = Now;
            return new ReplayResult(
                keys.Sum(key => write.Execute(
                    EventStatements.RequeueKey,
                    ("@now", now), ("@by", by), ("@company", key.ShippingCompanyId), ("@event", key.EventId))),
                Remaining: 0);
        });

    public async Task<ReplayResult> RequeueAsync(EventFilter filter, int atMost, string by, DateTimeOffset? asOf = null)
    {
        var clause = new EventFilterClause(filter with { Status = EventStatus.Failed });
        // What this call, or the first of several, has revived is younger, and not revived twice. Never later than now: a
        // moment to come would let one call revive for ever what fails at once.
        var now = Now;
        var before = Math.Min(asOf?.ToUnixTimeMilliseconds() ?? now, now);
        (string, object?)[] common = [.. clause.Parameters, ("@asOf", before)];
        int replayed = 0, revived;
        do
        {
            // In batches, so that the door's commits pass between them.
            var limit = Math.Min(BatchSize, atMost - replayed);
            revived = await database.WriteAsync(
                write => write.Execute(EventStatements.RequeueWhere(clause.Where), [.. common, ("@now", now), ("@by", by), ("@limit", limit)]));
            replayed += revived;
        }
        while (revived > 0 && replayed < atMost);

        var remaining = await database.ReadAsync(
            read => read.Query(EventStatements.CountReplayable(clause.Where), row => row.GetInt32(0), common).Single(),
            CancellationToken.None);
        return new ReplayResult(replayed, remaining, EventRow.Time(before));
    }

    public Task ProbeAsync() => database.WriteAsync(write => write.Execute(EventStatements.Probe, ("@now", Now)));

    private static AddedEvent Add(SqliteSession write, AcceptedEvent e, long now)
    {
        var acceptId = e.AcceptId.ToString("N");
        var inserted = write.Execute(
            EventStatements.Add,
            ("@company", e.Key.ShippingCompanyId), ("@event", e.Key.EventId), ("@merchant", e.MerchantId),
            ("@shipment", e.ShipmentId), ("@type", e.Type.Text()), ("@occurredAt", e.OccurredAt.ToUnixTimeMilliseconds()),
            ("@receivedAt", e.ReceivedAt.ToUnixTimeMilliseconds()), ("@body", e.Body), ("@headers", e.Headers),
            ("@traceparent", e.Traceparent), ("@acceptId", acceptId), ("@now", now),
            ("@status", (e.Defect is null ? EventStatus.Pending : EventStatus.Failed).Text()), ("@outcome", e.Defect?.Outcome),
            ("@error", e.Defect?.Reason), ("@dueAt", e.Defect is null ? now : null));
        if (inserted == 1) return new AddedEvent(AddResult.Added, BodyDiffers: false);

        var there = write.Query(
            EventStatements.LookAgain,
            row => (Id: row.GetInt64(0), Replayable: row.GetBoolean(1), Known: row.GetBoolean(2), SameBody: row.GetBoolean(3)),
            ("@company", e.Key.ShippingCompanyId), ("@event", e.Key.EventId), ("@body", e.Body), ("@acceptId", acceptId)).Single();
        if (!there.Known) write.Execute(EventStatements.RememberAcceptance, ("@id", there.Id), ("@acceptId", acceptId));
        var revive = there.Replayable && !there.Known;
        if (revive) write.Execute(EventStatements.RequeueRow, ("@id", there.Id), ("@now", now), ("@by", null));
        return new AddedEvent(revive ? AddResult.Requeued : AddResult.Duplicate, !there.SameBody);
    }

    private static void CountAdded(SqliteSession write, IReadOnlyList<AcceptedEvent> events, AddedEvent[] added)
    {
        var isNew = added.Count(one => one.Result == AddResult.Added);
        var isQuarantined = events.Where((e, i) => e.Defect is not null && added[i].Result == AddResult.Added).Count();
        write.Execute(EventStatements.CountAdded, ("@added", isNew - isQuarantined), ("@status", EventStatus.Pending.Text()));
        if (isQuarantined > 0) write.Execute(EventStatements.CountAdded, ("@added", isQuarantined), ("@status", EventStatus.Failed.Text()));
    }

    private ClaimedBatch Claim(SqliteSession write, ClaimRequest request, bool expiresAll)
    {
        var now = Now;
        var expired = write.Query(
            EventStatements.ExpireClaims,
            row => (Key: new EventKey(row.GetString(0), row.GetString(1)), Failed: row.GetString(2) == "failed"),
            ("@now", now), ("@expiredAt", expiresAll ? long.MaxValue : now));
        var claimed = Claim(write, request, now);
        var isolatedDue = write.Query(EventStatements.AnyIsolatedDue, row => row.GetInt64(0), ("@now", now)).Count > 0;
        var next = write.Query(
            EventStatements.NextDue, row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), ("@now", now)).Single();
        return new ClaimedBatch(
            claimed, next is null ? null : TimeSpan.FromMilliseconds(next.Value - now), isolatedDue,
            [.. expired.Where(row => row.Failed).Select(row => row.Key)]);
    }

    private static List<ClaimedEvent> Claim(SqliteSession write, ClaimRequest request, long now)
    {
        var token = Guid.CreateVersion7();
        return write.Query(
            EventStatements.Claim(request.Order),
            row => new ClaimedEvent(EventRow.ReadWithBody(row), token, EventRow.Time(now)),
            ("@now", now), ("@until", now + (long)request.Lease.TotalMilliseconds), ("@limit", request.Limit),
            ("@token", token.ToByteArray()));
    }

    private static bool Save(SqliteSession write, AttemptOutcome outcome, long now)
        => write.Execute(
            EventStatements.Save,
            ("@company", outcome.Key.ShippingCompanyId), ("@event", outcome.Key.EventId), ("@token", outcome.Token.ToByteArray()),
            ("@end", outcome.End.ToString()), ("@now", now), ("@dueAt", now + (long)outcome.Wait.TotalMilliseconds),
            ("@outcome", outcome.Outcome), ("@routeId", outcome.RouteId), ("@error", outcome.Error),
            ("@spent", outcome.Spent ? 1 : 0), ("@replaces", outcome.ReplacesLast ? 1 : 0),
            ("@startedAt", outcome.Record?.StartedAt.ToUnixTimeMilliseconds()),
            ("@record", outcome.Record is null ? null : JsonSerializer.Serialize(outcome.Record, EventJson.Default.AttemptRecord))) == 1;
}
