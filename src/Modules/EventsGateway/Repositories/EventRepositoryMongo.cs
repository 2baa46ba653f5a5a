using System.Collections.Concurrent;
using Gateway.EventsGateway.Events;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories;

internal sealed class EventRepositoryMongo(MongoConnection mongo, TimeProvider clock, bool alwaysAdopt = false) : IEventRepository
{
    private const int SweepBatch = 500;

    // 500 repeats took over 5 s on a machine with 15 runnable tasks per core: an operation must be done long before its end.
    private const int AddBatch = 128;

    // A worker whose claims are filled claims many times a second. So often it looks for claims that ran out, and for what
    // must run alone: three round trips of six.
    private const int LookAroundMs = 500;

    // Perhaps taken, but the store did not get to say so: handed back by the next call, or the events would pay for it.
    private readonly ConcurrentQueue<Guid> _lostClaims = new();

    private readonly EventIntakeMongo _intake = new(new LegacyAdoptionMongo(alwaysAdopt));

    private long _lookedAround;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<IReadOnlyList<AddedEvent>> AddAsync(IReadOnlyList<AcceptedEvent> events)
    {
        var answers = new List<AddedEvent>(events.Count);
        // A message may hold thousands, and one operation has its time.
        foreach (var some in events.Chunk(AddBatch))
            answers.AddRange(await UseAsync((rows, limit) => AddAsync(rows, some, limit)));
        return answers;
    }

    public async Task<ClaimedBatch> ClaimDueAsync(ClaimRequest request)
    {
        var token = Guid.NewGuid();
        try
        {
            return await UseAsync((rows, limit) => ClaimDueAsync(rows, request, token, limit));
        }
        catch (EngineFaultException)
        {
            _lostClaims.Enqueue(token);
            throw;
        }
    }

    public Task<IReadOnlyList<bool>> SaveOutcomesAsync(IReadOnlyList<AttemptOutcome> outcomes)
        => UseAsync((rows, limit) => EventOutcomesMongo.SaveAsync(rows, outcomes, Now, limit));

    public Task<IReadOnlyList<EventKey>> GiveUpAsync(TimeSpan olderThan, string error)
        => UseAsync(async (rows, limit) =>
        {
            var (call, now) = (Guid.NewGuid(), Now);
            var older = EventStatementsMongo.Older(now - (long)olderThan.TotalMilliseconds);
            var ids = await IdsAsync(rows, older, "lifeBeganAt", SweepBatch, limit, EventSchemaMongo.AgeIndex);
            if (ids.Count == 0) return [];
            await rows.UpdateManyAsync(ExpressionMongo.In(ids).AddRange(older), EventEndingsMongo.GiveUp(error, call, now), null, limit);
            return await EventClaimsMongo.SignedAsync(rows, ids, call, limit);
        });

    public Task<Revived> ReviveAsync(IReadOnlyList<EventKey> keys, string by)
        => UseAsync(async (rows, limit) =>
        {
            if (keys.Count == 0) return default;
            var newLife = EventRevivalMongo.NewLife(Now, by);
            var answer = await rows.BulkWriteAsync(
                keys.Select(key => new UpdateOneModel<BsonDocument>(EventStatementsMongo.Of(key).AddRange(EventRevivalMongo.Revivable()), newLife)),
                new BulkWriteOptions { IsOrdered = false }, limit);
            return new Revived((int)answer.MatchedCount, Remaining: 0);
        });

    public async Task<Revived> ReviveAsync(EventFilter filter, int atMost, string by, DateTimeOffset? asOf = null)
    {
        if (filter.Legacy) return default;
        var query = new BsonDocument("$and", new BsonArray { new EventFilterMongo(filter with { Status = null }).Query, EventRevivalMongo.Revivable() });
        if (filter.Status is not (null or EventStatus.Failed)) return default;
        // What this call, or the first of several, has revived is younger, and not revived twice.
        long? before = null;
        int replayed = 0, revived;
        do
        {
            revived = await UseAsync((rows, limit) =>
            {
                before ??= Fix();
                return ReviveOldestAsync(
                    rows, query, EventRevivalMongo.NewLife(Math.Max(before.Value, Now), by), Math.Min(SweepBatch, atMost - replayed), limit);
            });
            replayed += revived;
        }
        while (revived > 0 && replayed < atMost);

        var remaining = await UseAsync(async (rows, limit) => (int)await rows.CountDocumentsAsync(query, null, limit));
        return new Revived(replayed, remaining, DateTimeOffset.FromUnixTimeMilliseconds(before!.Value));

        // Never later than now: a moment to come would let one call revive for ever what fails at once.
        long Fix()
        {
            var moment = Math.Min(asOf?.ToUnixTimeMilliseconds() ?? long.MaxValue, Now);
            query.Add("lifeBeganAt", new BsonDocument("$lt", new BsonDateTime(moment)));
            return moment;
        }
    }

    public Task ProbeAsync() => mongo.UseAsync((database, limit) => database.GetCollection<BsonDocument>("probe").UpdateOneAsync(
        new BsonDocument("_id", 1), new BsonDocument("$set", new BsonDocument("at", new BsonDateTime(Now))),
        new UpdateOptions { IsUpsert = true }, limit));

    /// <summary>What was removed is answered as a duplicate: first of all, see <see cref="RemovalsMongo"/>.</summary>
    private async Task<IReadOnlyList<AddedEvent>> AddAsync(
        IMongoCollection<BsonDocument> rows, IReadOnlyList<AcceptedEvent> some, CancellationToken limit)
    {
        var buried = await TombstonesMongo.AmongAsync(rows.Database, some.Select(e => e.Key), limit);
        if (buried.Count == 0) return await _intake.AddAsync(rows, some, Now, limit);
        var added = new Queue<AddedEvent>(await _intake.AddAsync(rows, [.. some.Where(e => !buried.Contains(e.Key))], Now, limit));
        return [.. some.Select(e => buried.Contains(e.Key) ? new AddedEvent(AddResult.Duplicate, BodyDiffers: false) : added.Dequeue())];
    }

    private static async Task<int> ReviveOldestAsync(
        IMongoCollection<BsonDocument> rows, BsonDocument query, UpdateDefinition<BsonDocument> newLife, int atMost, CancellationToken limit)
    {
        if (atMost <= 0) return 0;
        var ids = await IdsAsync(rows, query, "receivedAt", atMost, limit);
        if (ids.Count == 0) return 0;
        var answer = await rows.UpdateManyAsync(ExpressionMongo.In(ids).AddRange(EventRevivalMongo.Revivable()), newLife, null, limit);
        return (int)answer.ModifiedCount;
    }

    private static async Task<IReadOnlyList<BsonValue>> IdsAsync(
        IMongoCollection<BsonDocument> rows, BsonDocument query, string oldest, int atMost, CancellationToken limit, string? index = null)
    {
        var found = await rows.Find(query, new FindOptions { Hint = index }).Sort(ExpressionMongo.Ascending(oldest)).Limit(atMost)
            .Project(ExpressionMongo.Ascending("_id")).ToListAsync(limit);
        return [.. found.Select(row => row["_id"])];
    }

    private Task<T> UseAsync<T>(Func<IMongoCollection<BsonDocument>, CancellationToken, Task<T>> work)
        => mongo.UseAsync((database, limit) => work(EventRowMongo.In(database), limit));

    private async Task<ClaimedBatch> ClaimDueAsync(
        IMongoCollection<BsonDocument> rows, ClaimRequest request, Guid token, CancellationToken limit)
    {
        var now = Now;
        while (_lostClaims.TryPeek(out var lost))
        {
            await EventClaimsMongo.HandBackAsync(rows, lost, now, limit);
            _lostClaims.TryDequeue(out _);
        }

        var hasLooked = Math.Abs(now - Interlocked.Read(ref _lookedAround)) < LookAroundMs;
        // What ran out rests for a second at least, so voiding and claiming never meet.
        var voiding = hasLooked ? null : EventClaimsMongo.VoidAsync(rows, now, limit);
        var claiming = EventClaimsMongo.ClaimAsync(rows, request, token, now, limit);
        await Task.WhenAll(voiding ?? Task.CompletedTask, claiming);
        if (hasLooked && (await claiming).Count == request.Limit) return new ClaimedBatch(await claiming, null, false, []);
        await (voiding ??= EventClaimsMongo.VoidAsync(rows, now, limit));
        Interlocked.Exchange(ref _lookedAround, now);
        var next = EventClaimsMongo.NextDueInAsync(rows, now, limit);
        var alone = EventClaimsMongo.IsAloneDueAsync(rows, now, limit);
        await Task.WhenAll(next, alone);
        return new ClaimedBatch(await claiming, await next, await alone, await voiding);
    }
}
