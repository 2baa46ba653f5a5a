using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.Shared.Json;
using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class EventRepositorySqlite(SqliteDatabase database) : IEventRepository
{
    private const int BatchSize = 500;
    private const int PostponeBatch = 5000;

    // Only one process opens the file, so each claim that exists at the start belongs to a process that has ended.
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
                // The body of a removed event is not stored, so it cannot be compared.
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
                // Checked on the writer's thread, so that a second call does not expire what the first has just claimed.
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

    public Task<bool> SaveMappedAsync(EventKey key, Guid token, byte[] mapped)
        => database.WriteAsync(write => write.Execute(
            EventStatements.SaveMapped, ("@company", key.ShippingCompanyId), ("@event", key.EventId),
            ("@token", token.ToByteArray()), ("@mapped", mapped)) == 1);

    public Task<bool> AddMappedAsync(EventKey container, Guid token, IReadOnlyList<AcceptedEvent> events)
        => database.WriteAsync(write =>
        {
            var held = write.Query(
                EventStatements.HasClaim, _ => true, ("@company", container.ShippingCompanyId), ("@event", container.EventId),
                ("@token", token.ToByteArray()));
            if (held.Count == 0) return false;
            var now = Now;
            CountAdded(write, events, [.. events.Select(e => new AddedEvent(
                !Tombstones.Has(write, e.Key) && Insert(write, e.AddedAt(EventRow.Time(now)), now)
                    ? AddResult.Added : AddResult.Duplicate, BodyDiffers: false))]);
            return true;
        });

    public Task<IReadOnlyList<bool>> SaveOutcomesAsync(IReadOnlyList<AttemptOutcome> outcomes)
        => database.WriteAsync<IReadOnlyList<bool>>(write =>
        {
            var now = Now;
            return [.. outcomes.Select(outcome => Save(write, outcome, now))];
        });

    public async Task<IReadOnlyList<FailedEvent>> FailOverdueAsync(
        TimeSpan olderThan, string error, IReadOnlyList<RoutingScope>? of = null)
    {
        var requeuedBefore = Now - (long)olderThan.TotalMilliseconds;
        // The query runs on a reader's connection: reading many pending rows must not delay ingest.
        var ids = await database.ReadAsync(
            read => read.Query(
                EventStatements.TooOld, row => row.Number("id"), ("@requeuedBefore", requeuedBefore), ("@limit", BatchSize),
                ("@scopes", JsonOf(of))),
            CancellationToken.None);
        if (ids.Count == 0) return [];
        return await database.WriteAsync(write => write.Query(
            EventStatements.FailOverdue, EventRow.Failed,
            ("@ids", $"[{string.Join(',', ids)}]"), ("@requeuedBefore", requeuedBefore), ("@error", error),
            ("@outcome", FailureReason.DeadlineExceeded.Text()), ("@lastError", OverdueError.LastError)));
    }

    public Task PostponeAsync(IReadOnlyList<RoutingScope> scopes, TimeSpan wait, TimeSpan spread)
        => database.WriteAsync(write => write.Execute(
            EventStatements.Postpone, ("@now", Now), ("@wait", (long)wait.TotalMilliseconds),
            ("@spread", (long)spread.TotalMilliseconds), ("@scopes", JsonOf(scopes)), ("@limit", PostponeBatch)));

    public Task<ReplayResult> RequeueAsync(IReadOnlyList<EventKey> keys, string by, ReplayRate? rate = null)
        => database.WriteAsync(write =>
        {
            var now = Now;
            var schedule = new ReplaySchedule(rate, now);
            var replayed = keys.Sum(key => write.Execute(
                EventStatements.RequeueKey, ("@now", now), ("@dueAt", schedule.Next()), ("@by", by),
                ("@company", key.ShippingCompanyId), ("@event", key.EventId)));
            return new ReplayResult(replayed, Remaining: 0, NextDueAt: schedule.End);
        });

    public async Task<ReplayResult> RequeueAsync(
        EventFilter filter, int atMost, string by, DateTimeOffset? asOf = null, ReplayRate? rate = null)
    {
        var clause = new EventFilterClause(filter.OfReplay());
        // Events that this call, or an earlier call with the same time, has requeued have a later requeuedAt and do not match
        // again. The time is never in the future: otherwise an event that fails at once would be requeued without end.
        var now = Now;
        var before = Math.Min(asOf?.ToUnixTimeMilliseconds() ?? now, now);
        (string, object?)[] common = [.. clause.Parameters, ("@asOf", before)];
        var schedule = new ReplaySchedule(rate, now);
        int replayed = 0, requeued;
        do
        {
            // In batches, so that ingest can commit between them.
            var limit = Math.Min(BatchSize, atMost - replayed);
            requeued = await database.WriteAsync(write => write.Query(
                EventStatements.OldestReplayable(clause.Where), row => row.Number("id"),
                [.. common, ("@now", Now), ("@limit", limit)])
                .Sum(id => write.Execute(
                    EventStatements.RequeueRow,
                    ("@id", id), ("@now", now), ("@dueAt", schedule.Next()), ("@by", by))));
            replayed += requeued;
        }
        while (requeued > 0 && replayed < atMost);

        var remaining = await database.ReadAsync(
            read => read.Query(EventStatements.CountReplayable(clause.Where), row => (int)row.Number("n"),
                [.. common, ("@now", Now)]).Single(),
            CancellationToken.None);
        return new ReplayResult(replayed, remaining, EventRow.Time(before), schedule.End);
    }

    public Task ProbeAsync() => database.WriteAsync(write => write.Execute(EventStatements.Probe, ("@now", Now)));

    private static AddedEvent Add(SqliteSession write, AcceptedEvent accepted, long now)
    {
        var e = accepted.AddedAt(EventRow.Time(now));
        if (Insert(write, e, now)) return new AddedEvent(AddResult.Added, BodyDiffers: false);
        var acceptId = e.AcceptId.ToString("N");
        var stored = write.Query(
            EventStatements.FindStored,
            row => (
                Id: row.Number("id"), Replayable: row.Flag("isReplayable"), Known: row.Flag("isKnown"),
                OtherBody: row.BytesOrNull("otherBody")),
            ("@company", e.Key.ShippingCompanyId), ("@event", e.Key.EventId), ("@body", e.Body), ("@acceptId", acceptId))
            .Single();
        if (!stored.Known)
        {
            write.Execute(
                EventStatements.RememberAcceptance,
                ("@id", stored.Id), ("@acceptId", acceptId), ("@receivedAt", e.ReceivedAt.ToUnixTimeMilliseconds()));
        }

        var requeue = stored.Replayable && !stored.Known && e.Defect is null;
        if (requeue) write.Execute(EventStatements.RequeueRow, ("@id", stored.Id), ("@now", now), ("@dueAt", now), ("@by", null));
        return new AddedEvent(
            requeue ? AddResult.Requeued : AddResult.Duplicate,
            stored.OtherBody is { } other && !JsonHash.AreEqual(other, e.Body));
    }

    /// <summary>False where the event exists.</summary>
    private static bool Insert(SqliteSession write, AcceptedEvent e, long now)
    {
        var inserted = write.Execute(
            EventStatements.Add,
            ("@company", e.Key.ShippingCompanyId), ("@event", e.Key.EventId), ("@merchant", e.MerchantId),
            ("@shipment", e.ShipmentId), ("@type", e.Type.Text()), ("@occurredAt", e.OccurredAt.ToUnixTimeMilliseconds()),
            ("@receivedAt", e.ReceivedAt.ToUnixTimeMilliseconds()),
            ("@effectiveAt", e.EffectiveAt?.ToUnixTimeMilliseconds()), ("@implausibleTime", e.HasImplausibleTime ? 1 : 0),
            ("@body", e.Body), ("@headers", e.Headers),
            ("@traceparent", e.Traceparent), ("@requestId", e.RequestId), ("@acceptId", e.AcceptId.ToString("N")), ("@now", now),
            ("@status", (e.Defect is null ? EventStatus.Pending : EventStatus.Failed).Text()),
            ("@outcome", e.Defect?.Reason.Text()),
            ("@error", e.Defect?.Error), ("@dueAt", e.Defect is null ? now : null),
            ("@details", e.Details));
        if (inserted == 0 || e.IsOrdinary) return inserted == 1;
        write.Execute(
            EventStatements.AddSource, ("@source", e.Source == CanonicalEvent.BuiltInSource ? null : e.Source),
            ("@secretId", e.SecretId),
            ("@afterEnd", e.AfterEnd?.Text()), ("@itemIndex", e.ItemIndex), ("@requestDigest", e.RequestDigest));
        return true;
    }

    private static void CountAdded(SqliteSession write, IReadOnlyList<AcceptedEvent> events, AddedEvent[] added)
    {
        var isNew = added.Count(one => one.Result == AddResult.Added);
        var isQuarantined = events.Where((e, i) => e.Defect is not null && added[i].Result == AddResult.Added).Count();
        write.Execute(EventStatements.CountAdded, ("@added", isNew - isQuarantined), ("@status", EventStatus.Pending.Text()));
        if (isQuarantined > 0)
            write.Execute(EventStatements.CountAdded, ("@added", isQuarantined), ("@status", EventStatus.Failed.Text()));
    }

    private ClaimedBatch Claim(SqliteSession write, ClaimRequest request, bool isFirst)
    {
        var now = Now;
        if (isFirst) write.Execute(EventStatements.DueAfterClockWasAhead, ("@now", now));
        var poisoned = Expire(write, now, isFirst ? long.MaxValue : now);
        var claimed = Claim(write, request, now);
        var isolatedDue = write.Query(
            EventStatements.AnyIsolatedDue, _ => true, ("@now", now), ("@scopes", JsonOf(request.Except ?? []))).Count > 0;
        var next = write.Query(
            EventStatements.NextDue, row => row.NumberOrNull("next"), ("@now", now)).Single();
        return new ClaimedBatch(
            claimed, next is null ? null : TimeSpan.FromMilliseconds(next.Value - now), isolatedDue, poisoned);
    }

    /// <summary>The events that failed as poison.</summary>
    private static List<FailedEvent> Expire(SqliteSession write, long now, long expiredAt)
    {
        var poisoned = new List<FailedEvent>();
        var abandoned = write.Query(
            EventStatements.ExpiredClaims, row => (int)row.Number("abandonedAttempts"), ("@expiredAt", expiredAt));
        foreach (var before in abandoned)
        {
            var expired = CrashLoopPolicy.Expire(before);
            var failed = write.Query(
                EventStatements.ExpireClaims, EventRow.Failed,
                ("@expiredAt", expiredAt), ("@before", before), ("@result", AttemptResult.Abandoned),
                ("@abandoned", expired.AbandonedAttempts), ("@status", expired.Status.Text()),
                    ("@outcome", expired.Reason?.Text()),
                ("@error", expired.Error), ("@dueAt", expired.Wait is { } wait ? now + (long)wait.TotalMilliseconds : null));
            if (expired.Status == EventStatus.Failed) poisoned.AddRange(failed);
        }

        return poisoned;
    }

    private static List<ClaimedEvent> Claim(SqliteSession write, ClaimRequest request, long now)
    {
        if (request.Order != ClaimOrder.Random) return Claim(write, request, now, from: 0);
        var oldest = write.Query(EventStatements.OldestDue, row => row.NumberOrNull("oldestDue"), ("@now", now)).Single() ?? now;
        var claimed = Claim(write, request, now, Random.Shared.NextInt64(oldest, now + 1));
        return claimed.Count > 0 ? claimed : Claim(write, request, now, from: 0);
    }

    private static List<ClaimedEvent> Claim(SqliteSession write, ClaimRequest request, long now, long from)
    {
        var token = Guid.CreateVersion7();
        return write.Query(
            EventStatements.Claim(request),
            row => new ClaimedEvent(EventRow.ReadWithBody(row), token, EventRow.Time(now)),
            ("@now", now), ("@until", now + (long)request.Lease.TotalMilliseconds), ("@limit", request.Limit), ("@from", from),
            ("@scopes", JsonOf(request.Except)), ("@token", token.ToByteArray()));
    }

    private static string? JsonOf(IReadOnlyList<RoutingScope>? scopes) => scopes is null ? null : JsonSerializer.Serialize(
        [.. scopes.Select(scope => $"{scope.Source}/{scope.MerchantId}")], EventJson.Default.IReadOnlyListString);

    private static bool Save(SqliteSession write, AttemptOutcome outcome, long now)
        => write.Execute(
            EventStatements.Save,
            ("@company", outcome.Key.ShippingCompanyId), ("@event", outcome.Key.EventId), ("@token", outcome.Token.ToByteArray()),
            ("@status", outcome.Status.Text()), ("@outcome", outcome.Outcome), ("@routeId", outcome.RouteId),
                ("@error", outcome.Error),
            ("@processedAt", outcome.Status == EventStatus.Processed ? now : null),
            ("@dueAt", outcome.Status == EventStatus.Pending ? now + (long)outcome.Wait.TotalMilliseconds : null),
            ("@now", now), ("@called", outcome.IsCall ? 1 : 0), ("@failed", outcome.IsFailedCall ? 1 : 0),
            ("@leaves", outcome.LeavesEventAsItWas ? 1 : 0), ("@counted", outcome.IsCounted ? 1 : 0),
                ("@replaces", outcome.ReplacesLast ? 1 : 0),
            ("@startedAt", outcome.Record?.StartedAt.ToUnixTimeMilliseconds()),
            ("@record", outcome.Record is null ? null
                : JsonSerializer.Serialize(outcome.Record, EventJson.Default.AttemptRecord))) == 1;
}
