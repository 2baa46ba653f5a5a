using Gateway.EventsGateway.Entities;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.EventConditions;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// Claims, taken by any number of workers at once. Found is not claimed: only the conditional update decides, and the
/// token tells who has won which row.
/// </summary>
internal static class ClaimQueries
{
    private const int VoidBatch = 1000;

    /// <summary>Those that ran out rest; returns the keys of those that were interrupted once too often.</summary>
    public static async Task<IReadOnlyList<EventKey>> ExpireAsync(IMongoCollection<BsonDocument> events, long now, CancellationToken limit)
    {
        var poisoned = new List<EventKey>();
        while (true)
        {
            var call = Guid.NewGuid();
            var expired = await events.Find(RanOut(now), By(EventSchema.ClaimedIndex)).Limit(VoidBatch)
                .Project(Ascending("abandonedAttempts", "shippingCompanyId", "eventId")).ToListAsync(limit);
            if (expired.Count == 0) return poisoned;
            await events.UpdateManyAsync(RanOut(now).AddRange(In(expired.Select(row => row["_id"]))), EventTransitions.Void(call, now), null, limit);
            var tenth = expired.Where(row => BsonFields.Number(row, "abandonedAttempts") >= CrashLoop.Last - 1).Select(row => row["_id"]).ToList();
            if (tenth.Count > 0) poisoned.AddRange(await SignedAsync(events, tenth, call, limit));
        }
    }

    public static async Task<IReadOnlyList<ClaimedEvent>> ClaimAsync(
        IMongoCollection<BsonDocument> events, ClaimRequest request, Guid token, long now, CancellationToken limit)
    {
        var (query, sort, index) = Claimable(request.Order, now);
        var claimed = new List<ClaimedEvent>();
        while (claimed.Count < request.Limit)
        {
            var found = await events.Find(query, By(index)).Sort(sort).Limit(request.Limit - claimed.Count).Project(Ascending("_id")).ToListAsync(limit);
            if (found.Count == 0) break;
            List<BsonValue> ids = [.. found.Select(row => row["_id"])];
            var won = await events.UpdateManyAsync(
                Due(now).AddRange(In(ids)), Claim(token, now, now + (long)request.Lease.TotalMilliseconds), null, limit);
            // None won: other workers were faster with all of them, and there may be more.
            if (won.ModifiedCount == 0) continue;
            var rows = await events.Find(In(ids).Add("claim.token", BsonFields.Id(token))).Project(EventDocument.WithBody).ToListAsync(limit);
            claimed.AddRange(rows.OrderBy(row => ids.IndexOf(row["_id"]))
                .Select(row => new ClaimedEvent(EventDocument.Read(row), token, DateTimeOffset.FromUnixTimeMilliseconds(now))));
        }

        return claimed;
    }

    /// <summary>Nothing was done under this claim: due again in a second, nothing counted.</summary>
    public static Task ReleaseAsync(IMongoCollection<BsonDocument> events, Guid token, long now, CancellationToken limit)
        => events.UpdateManyAsync(
            new BsonDocument { { "dueAt", Exists(true) }, { "claim.token", BsonFields.Id(token) } },
            new BsonDocument { { "$set", new BsonDocument("dueAt", new BsonDateTime(now + 1000)) }, { "$unset", new BsonDocument("claim", "") } },
            new UpdateOptions { Hint = EventSchema.ClaimedIndex }, limit);

    /// <summary>When something waiting becomes due or a claim runs out: a claimed row's dueAt is the end of its lease.</summary>
    public static async Task<TimeSpan?> NextDueInAsync(IMongoCollection<BsonDocument> events, long now, CancellationToken limit)
    {
        var next = await events.Find(new BsonDocument("dueAt", new BsonDocument("$gt", new BsonDateTime(now))), By(EventSchema.DueIndex))
            .Sort(Ascending("dueAt")).Limit(1).Project(Ascending("dueAt")).FirstOrDefaultAsync(limit);
        return next is null ? null : TimeSpan.FromMilliseconds(next["dueAt"].AsBsonDateTime.MillisecondsSinceEpoch - now);
    }

    public static Task<bool> IsIsolatedDueAsync(IMongoCollection<BsonDocument> events, long now, CancellationToken limit)
    {
        var (query, _, index) = Claimable(ClaimOrder.Isolated, now);
        return events.Find(query, By(index)).Limit(1).Project(Ascending("_id")).AnyAsync(limit);
    }

    /// <summary>The keys of those among these rows that this very call has written.</summary>
    public static async Task<IReadOnlyList<EventKey>> SignedAsync(
        IMongoCollection<BsonDocument> events, IEnumerable<BsonValue> ids, Guid call, CancellationToken limit)
    {
        var rows = await events.Find(In(ids).Add(EventTransitions.Signature, BsonFields.Id(call)).Add("status", "failed"))
            .Project(Ascending("shippingCompanyId", "eventId")).ToListAsync(limit);
        return [.. rows.Select(EventDocument.Key)];
    }

    /// <summary>Named, because a planner that tries the index of a list would sort all that is pending for each claim.</summary>
    private static FindOptions By(string index) => new() { Hint = index };
}
