using Gateway.EventsGateway.Entities;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

internal sealed class EventRepositoryMongo(MongoConnection mongo, TimeProvider clock) : IEventRepository
{
    private const int BatchSize = 500;

    // 500 repeats took over 5 s on a machine with 15 runnable tasks per core, too close to the time limit of an operation.
    private const int AddBatch = 128;

    // The look-up of the tombstones and the insert are two round trips for each batch.
    private const int AddsAtOnce = 4;

    private const int PostponeBatch = 5000;

    // Due at the same time: less than one worker claims at once.
    private const int PostponedTogether = 50;

    private readonly DueClaims _claims = new();

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<IReadOnlyList<AddedEvent>> AddAsync(IReadOnlyList<AcceptedEvent> events)
    {
        var answers = new AddedEvent[events.Count];
        // The call may have thousands of events, and one operation has a time limit. The acceptances of one key stay together and
        // in order, because the first one decides about the body.
        var batches = Enumerable.Range(0, events.Count).GroupBy(i => events[i].Key).Chunk(AddBatch);
        await Parallel.ForEachAsync(batches, new ParallelOptions { MaxDegreeOfParallelism = AddsAtOnce }, async (keys, _) =>
        {
            int[] batch = [.. keys.SelectMany(same => same)];
            var added = await mongo.UseAsync(
                EventDocument.Collection, (rows, limit) => AddAsync(rows, [.. batch.Select(i => events[i])], limit),
                CancellationToken.None);
            for (var k = 0; k < batch.Length; k++) answers[batch[k]] = added[k];
        });
        return answers;
    }

    public Task<ClaimedBatch> ClaimDueAsync(ClaimRequest request)
        => _claims.UseAsync(token => mongo.UseAsync(
            EventDocument.Collection, (rows, limit) => _claims.ClaimAsync(rows, request, token, Now, limit)));

    public Task<bool> SaveMappedAsync(EventKey key, Guid token, byte[] mapped)
        => mongo.UseAsync(EventDocument.Collection, async (rows, limit) => (await rows.UpdateOneAsync(
            EventConditions.Of(key).Add("claim.token", BsonFields.Id(token)),
            new BsonDocument("$set", new BsonDocument("mapped", new BsonBinaryData(mapped))), null, limit)).MatchedCount == 1);

    public async Task<bool> AddMappedAsync(EventKey container, Guid token, IReadOnlyList<AcceptedEvent> events)
    {
        var held = EventConditions.Of(container).Add("claim.token", BsonFields.Id(token));
        foreach (var some in events.Chunk(AddBatch))
        {
            var added = await mongo.UseAsync(EventDocument.Collection, async (rows, limit) =>
            {
                var purged = await Tombstones.AmongAsync(rows.Database, some.Select(e => e.Key), limit);
                if (await rows.CountDocumentsAsync(held, null, limit) == 0) return false;
                await EventInserts.AddMissingAsync(rows, [.. some.Where(e => !purged.Contains(e.Key))], Now, limit);
                return true;
            });
            if (!added) return false;
        }

        return true;
    }

    public Task<IReadOnlyList<bool>> SaveOutcomesAsync(IReadOnlyList<AttemptOutcome> outcomes)
        => mongo.UseAsync(EventDocument.Collection, (rows, limit) => OutcomeWrites.SaveAsync(rows, outcomes, Now, limit));

    public Task<IReadOnlyList<FailedEvent>> FailOverdueAsync(
        TimeSpan olderThan, string error, IReadOnlyList<RoutingScope>? of = null)
        => mongo.UseAsync(EventDocument.Collection, async (rows, limit) =>
        {
            var (call, now) = (Guid.NewGuid(), Now);
            var overdue = EventConditions.Overdue(now - (long)olderThan.TotalMilliseconds);
            if (of is not null) overdue.Add("$or", EventConditions.InScopes(of));
            var ids = await IdsAsync(rows, overdue, "requeuedAt", BatchSize, limit, EventSchema.AgeIndex);
            if (ids.Count == 0) return [];
            var some = BsonExpressions.In(ids).AddRange(overdue);
            await rows.UpdateManyAsync(some, EventTransitions.FailOverdue(error, call, now), null, limit);
            return await ClaimQueries.WrittenByAsync(rows, ids, call, limit);
        });

    public Task PostponeAsync(IReadOnlyList<RoutingScope> scopes, TimeSpan wait, TimeSpan spread)
        => mongo.UseAsync(EventDocument.Collection, async (rows, limit) =>
        {
            var due = EventConditions.Due(Now);
            var of = new BsonDocument(due).Add("$or", EventConditions.InScopes(scopes));
            var ids = await IdsAsync(rows, of, "dueAt", PostponeBatch, limit, EventSchema.DueIndex);
            if (ids.Count == 0) return null;
            return await rows.BulkWriteAsync(
                ids.Chunk(PostponedTogether).Select(some => new UpdateManyModel<BsonDocument>(
                    BsonExpressions.In(some).AddRange(due),
                    new BsonDocument("$set", new BsonDocument("dueAt", new BsonDateTime(
                        Now + (long)(wait + (spread * Random.Shared.NextDouble())).TotalMilliseconds))))),
                new BulkWriteOptions { IsOrdered = false }, limit);
        });

    public Task<ReplayResult> RequeueAsync(IReadOnlyList<EventKey> keys, string by, ReplayRate? rate = null)
        => mongo.UseAsync(EventDocument.Collection, async (rows, limit) =>
        {
            if (keys.Count == 0) return default;
            var now = Now;
            var schedule = new ReplaySchedule(rate, now);
            var answer = await rows.BulkWriteAsync(
                keys.Select(key => new UpdateOneModel<BsonDocument>(
                    EventConditions.Of(key).AddRange(RequeueUpdates.Replayable()),
                    RequeueUpdates.NextGeneration(now, schedule.Next(), by))),
                new BulkWriteOptions { IsOrdered = false }, limit);
            return new ReplayResult((int)answer.MatchedCount, Remaining: 0, NextDueAt: schedule.End);
        });

    public async Task<ReplayResult> RequeueAsync(
        EventFilter filter, int atMost, string by, DateTimeOffset? asOf = null, ReplayRate? rate = null)
    {
        if (filter.Legacy || (filter.Status is { } status && status != filter.OfReplay().Status)) return default;
        var query = new BsonDocument(
            "$and", new BsonArray { new EventFilterQuery(filter.OfReplay()).Query, RequeueUpdates.Replayable() });
        // Events that this call, or an earlier call with the same time, has requeued have a later requeuedAt and do not match.
        long? before = null;
        ReplaySchedule? schedule = null;
        int replayed = 0, requeued;
        do
        {
            requeued = await mongo.UseAsync(EventDocument.Collection, (rows, limit) =>
            {
                before ??= Fix();
                var now = Math.Max(before.Value, Now);
                schedule ??= new ReplaySchedule(rate, now);
                return RequeueOldestAsync(
                    rows, query, dueAt => RequeueUpdates.NextGeneration(now, dueAt, by), schedule,
                    Math.Min(BatchSize, atMost - replayed), limit);
            });
            replayed += requeued;
        }
        while (requeued > 0 && replayed < atMost);

        var remaining = await mongo.UseAsync(
            EventDocument.Collection, async (rows, limit) => (int)await rows.CountDocumentsAsync(query, null, limit));
        return new ReplayResult(replayed, remaining, DateTimeOffset.FromUnixTimeMilliseconds(before!.Value), schedule!.End);

        // Never in the future: otherwise an event that fails at once would be requeued without end.
        long Fix()
        {
            var moment = Math.Min(asOf?.ToUnixTimeMilliseconds() ?? long.MaxValue, Now);
            query.Add("requeuedAt", new BsonDocument("$lt", new BsonDateTime(moment)));
            return moment;
        }
    }

    public Task ProbeAsync() => mongo.UseAsync((database, limit) => database.GetCollection<BsonDocument>("probe").UpdateOneAsync(
        new BsonDocument("_id", 1), new BsonDocument("$set", new BsonDocument("at", new BsonDateTime(Now))),
        new UpdateOptions { IsUpsert = true }, limit));

    /// <summary>Answers removed events as duplicates, before any insert: see <see cref="Removals"/>.</summary>
    private async Task<IReadOnlyList<AddedEvent>> AddAsync(
        IMongoCollection<BsonDocument> rows, IReadOnlyList<AcceptedEvent> some, CancellationToken limit)
    {
        var purged = await Tombstones.AmongAsync(rows.Database, some.Select(e => e.Key), limit);
        if (purged.Count == 0) return await EventInserts.AddAsync(rows, some, Now, limit);
        var added = new Queue<AddedEvent>(
            await EventInserts.AddAsync(rows, [.. some.Where(e => !purged.Contains(e.Key))], Now, limit));
        return [.. some.Select(e
            => purged.Contains(e.Key) ? new AddedEvent(AddResult.Duplicate, BodyDiffers: false) : added.Dequeue())];
    }

    private static async Task<int> RequeueOldestAsync(
        IMongoCollection<BsonDocument> rows, BsonDocument query, Func<long, UpdateDefinition<BsonDocument>> nextGeneration,
        ReplaySchedule schedule, int atMost, CancellationToken limit)
    {
        if (atMost <= 0) return 0;
        var ids = await IdsAsync(rows, query, "receivedAt", atMost, limit);
        if (ids.Count == 0) return 0;
        // One update per due time: a single one without a rate.
        var answer = await rows.BulkWriteAsync(
            ids.Select(id => (Id: id, DueAt: schedule.Next())).GroupBy(row => row.DueAt, row => row.Id).Select(
                some => new UpdateManyModel<BsonDocument>(
                    BsonExpressions.In(some).AddRange(RequeueUpdates.Replayable()), nextGeneration(some.Key))),
            new BulkWriteOptions { IsOrdered = false }, limit);
        return (int)answer.ModifiedCount;
    }

    private static async Task<IReadOnlyList<BsonValue>> IdsAsync(
        IMongoCollection<BsonDocument> rows, BsonDocument query, string oldest, int atMost, CancellationToken limit,
        string? index = null)
    {
        var found = await rows.Find(query, new FindOptions { Hint = index }).Sort(BsonExpressions.Ascending(oldest)).Limit(atMost)
            .Project(BsonExpressions.Ascending("_id")).ToListAsync(limit);
        return [.. found.Select(row => row["_id"])];
    }
}
