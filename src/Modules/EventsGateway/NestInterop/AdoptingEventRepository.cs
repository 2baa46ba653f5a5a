using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>
/// Adopts rows that the NestJS original has written: if a message arrives for such an event, one conditional write gives the row
/// the event's key. Only one row can have the key, so an event is never processed from two rows.
/// </summary>
/// <param name="events">Adds the other events and handles all other calls.</param>
/// <param name="mongo">The database of the original and of the gateway.</param>
/// <param name="clock">The store's clock.</param>
/// <param name="always">
/// The original may still write rows. False: if the first search finds no legacy row, later additions do not search.
/// </param>
internal sealed class AdoptingEventRepository(
    IEventRepository events, MongoConnection mongo, TimeProvider clock, bool always = false) : IEventRepository
{
    // A batch must be adopted within the time limit of one operation, six seconds.
    private const int Batch = 128;

    private bool? _isNeeded;

    public async Task<IReadOnlyList<AddedEvent>> AddAsync(IReadOnlyList<AcceptedEvent> arrived)
    {
        if (_isNeeded == false) return await events.AddAsync(arrived);
        var adopted = new AddResult?[arrived.Count];
        // The first acceptance of an event adopts its row; further ones are added as repeats.
        foreach (var some in Enumerable.Range(0, arrived.Count).Where(i => arrived[i].Defect is null)
            .DistinctBy(i => arrived[i].Key).Chunk(Batch))
        {
            await mongo.UseAsync(async (database, limit) => await AdoptAsync(database, arrived, some, adopted, limit));
        }

        var others = new Queue<AddedEvent>(await events.AddAsync([.. arrived.Where((_, i) => adopted[i] is null)]));
        return [.. adopted.Select(result => result is { } mine ? new AddedEvent(mine, BodyDiffers: false) : others.Dequeue())];
    }

    public Task<ClaimedBatch> ClaimDueAsync(ClaimRequest request) => events.ClaimDueAsync(request);

    public Task<bool> SaveMappedAsync(EventKey key, Guid token, byte[] mapped) => events.SaveMappedAsync(key, token, mapped);

    /// <summary>Of configured sources, which the original did not have.</summary>
    public Task<bool> AddMappedAsync(EventKey container, Guid token, IReadOnlyList<AcceptedEvent> mapped)
        => events.AddMappedAsync(container, token, mapped);

    public Task<IReadOnlyList<bool>> SaveOutcomesAsync(IReadOnlyList<AttemptOutcome> outcomes)
        => events.SaveOutcomesAsync(outcomes);

    public Task<IReadOnlyList<FailedEvent>> FailOverdueAsync(TimeSpan olderThan, string error, IReadOnlyList<RoutingScope>? of)
        => events.FailOverdueAsync(olderThan, error, of);

    public Task PostponeAsync(IReadOnlyList<RoutingScope> scopes, TimeSpan wait, TimeSpan spread)
        => events.PostponeAsync(scopes, wait, spread);

    public Task<ReplayResult> RequeueAsync(IReadOnlyList<EventKey> keys, string by, ReplayRate? rate = null)
        => events.RequeueAsync(keys, by, rate);

    public Task<ReplayResult> RequeueAsync(
        EventFilter filter, int atMost, string by, DateTimeOffset? asOf = null, ReplayRate? rate = null)
        => events.RequeueAsync(filter, atMost, by, asOf, rate);

    public Task ProbeAsync() => events.ProbeAsync();

    private async Task<bool> AdoptAsync(
        IMongoDatabase database, IReadOnlyList<AcceptedEvent> arrived, int[] some, AddResult?[] adopted, CancellationToken limit)
    {
        var rows = EventDocument.In(database);
        _isNeeded ??= always || await rows.Find(EventDocument.IsLegacy).Limit(1).Project(Ascending("_id")).AnyAsync(limit);
        if (_isNeeded == false) return false;
        var ids = new BsonDocument("eventId", Op("$in", new BsonArray(some.Select(i => arrived[i].Key.EventId).Distinct())));
        var found = await rows.Find(ids.AddRange(EventDocument.IsLegacy)).Project(Ascending("eventId", "shipmentId"))
            .ToListAsync(limit);
        if (found.Count == 0) return false;
        var known = found.Select(row => (BsonFields.Text(row, "eventId"), BsonFields.Text(row, "shipmentId"))).ToHashSet();
        int[] candidates = [.. some.Where(i => known.Contains((arrived[i].Key.EventId, arrived[i].ShipmentId)))];
        // A purged event is a duplicate, so no row is adopted for it.
        var purged = await Tombstones.AmongAsync(database, candidates.Select(i => arrived[i].Key), limit);
        foreach (var i in candidates.Where(i => !purged.Contains(arrived[i].Key)))
            adopted[i] = await AdoptAsync(rows, arrived[i], limit);
        return true;
    }

    private async Task<AddResult?> AdoptAsync(IMongoCollection<BsonDocument> rows, AcceptedEvent e, CancellationToken limit)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        while (true)
        {
            // Prefers a processed row: without a unique index the original wrote several rows of one event (R5).
            var same = new BsonDocument { { "eventId", e.Key.EventId }, { "shipmentId", e.ShipmentId } }
                .AddRange(EventDocument.IsLegacy);
            var row = await rows.Find(same).Sort(new BsonDocument("status", -1)).Limit(1)
                .Project(Ascending("status", "createdAt")).FirstOrDefaultAsync(limit);
            if (row is null) return null;
            var isDone = BsonFields.Text(row, "status") == "processed";
            // The update is conditional on the status that was read, because the original may change it meanwhile.
            var asRead = new BsonDocument { { "_id", row["_id"] }, { "status", row.GetValue("status", BsonNull.Value) } }
                .AddRange(EventDocument.IsLegacy);
            try
            {
                var arrival = ReceivedBy(row, e);
                var update = isDone ? KeyOf(arrival, now) : WorkOf(arrival, now);
                var answer = await rows.UpdateOneAsync(asRead, update, null, limit);
                if (answer.MatchedCount == 1) return isDone ? AddResult.Duplicate : AddResult.Added;
            }
            catch (MongoWriteException taken) when (MongoFault.IsDuplicateKey(taken))
            {
                // The gateway has a row of this event already. That row counts, and the original's row stays as it is.
                return null;
            }
        }
    }

    /// <summary>The original had received the event when it created the row.</summary>
    private static AcceptedEvent ReceivedBy(BsonDocument row, AcceptedEvent e)
        => BsonFields.Time(row, "createdAt") is { } createdAt ? e.AddedAt(createdAt) : e;

    private static UpdateDefinition<BsonDocument> WorkOf(AcceptedEvent e, long now)
    {
        var row = EventDocument.New(e, now);
        row.Remove("createdAt");
        return new BsonDocument { { "$set", row }, { "$unset", new BsonDocument("processedAt", "") } };
    }

    private static UpdateDefinition<BsonDocument> KeyOf(AcceptedEvent e, long now)
    {
        var row = EventDocument.New(e, now);
        foreach (var field in new[] { "createdAt", "type", "status", "dueAt", "body", "headers", "traceparent", "details" })
            row.Remove(field);
        return new BsonDocument("$set", row);
    }
}
