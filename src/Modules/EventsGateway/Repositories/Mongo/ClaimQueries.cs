using Gateway.EventsGateway.Entities;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.EventConditions;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// Claims events for any number of concurrent workers. Finding a row does not claim it: the conditional update decides, and the
/// token says which worker holds the claim.
/// </summary>
internal static class ClaimQueries
{
    private const int ExpireBatch = 1000;

    /// <summary>
    /// Expires claims by <see cref="CrashLoopPolicy"/>; returns the events that failed as poison. Each number of
    /// abandoned attempts takes one update, conditional on that number: a row that another worker has expired does not match.
    /// </summary>
    public static async Task<IReadOnlyList<FailedEvent>> ExpireAsync(
        IMongoCollection<BsonDocument> events, long now, CancellationToken limit)
    {
        var poisoned = new List<FailedEvent>();
        while (true)
        {
            var call = Guid.NewGuid();
            var expired = await events.Find(Expired(now), By(EventSchema.ClaimedIndex)).Limit(ExpireBatch)
                .Project(Ascending("abandonedAttempts")).ToListAsync(limit);
            if (expired.Count == 0) return poisoned;
            var updates = new List<UpdateManyModel<BsonDocument>>();
            var failed = new List<BsonValue>();
            foreach (var same in expired.GroupBy(row => row.GetValue("abandonedAttempts", BsonNull.Value), row => row["_id"]))
            {
                var ends = CrashLoopPolicy.Expire(same.Key.IsNumeric ? same.Key.ToInt32() : 0);
                var rows = Expired(now).Add("abandonedAttempts", same.Key).AddRange(In(same));
                updates.Add(new UpdateManyModel<BsonDocument>(rows, EventTransitions.Expire(ends, call, now)));
                if (ends.Status == EventStatus.Failed) failed.AddRange(same);
            }

            await events.BulkWriteAsync(updates, new BulkWriteOptions { IsOrdered = false }, limit);
            if (failed.Count > 0) poisoned.AddRange(await WrittenByAsync(events, failed, call, limit));
        }
    }

    /// <summary>
    /// Reads the rows and claims them. Where another worker claims some of them at the same time, those that were won are read
    /// again, and from then on only the ids at first: bodies have up to 100 KiB.
    /// </summary>
    /// <returns>The claimed events, and whether another worker has claimed some that were found.</returns>
    public static async Task<(IReadOnlyList<ClaimedEvent> Events, bool IsContended)> ClaimAsync(
        IMongoCollection<BsonDocument> events, ClaimRequest request, Guid token, long now, bool idsFirst, CancellationToken limit)
    {
        var (query, sort, index) = ClaimableBy(request, now);
        if (request.Order == ClaimOrder.Random) await BeginAtRandomAsync(events, query, now, limit);
        var lease = Claimed(token, now, now + (long)request.Lease.TotalMilliseconds);
        var (claimed, isContended) = (new List<ClaimedEvent>(), false);
        while (claimed.Count < request.Limit)
        {
            var asked = request.Limit - claimed.Count;
            var found = await events.Find(query, By(index, asked)).Sort(sort).Limit(asked)
                .Project(idsFirst ? Ascending("_id") : EventDocument.WithBody).ToListAsync(limit);
            if (found.Count == 0) break;
            var ids = In(found.Select(row => row["_id"]));
            var won = await events.UpdateManyAsync(Due(now).AddRange(ids), Op("$set", lease), null, limit);
            isContended |= won.ModifiedCount < found.Count;
            idsFirst |= isContended;
            // More events may be due.
            if (won.ModifiedCount == 0) continue;
            IEnumerable<BsonDocument> rows = idsFirst
                ? (await events.Find(ids.Add("claim.token", BsonFields.Id(token)), new FindOptions { BatchSize = asked })
                    .Project(EventDocument.WithBody).ToListAsync(limit))
                    .OrderBy(row => found.FindIndex(one => one["_id"] == row["_id"]))
                : found.Select(row => row.Merge(lease, overwriteExistingElements: true));
            claimed.AddRange(rows
                .Select(row => new ClaimedEvent(EventDocument.Read(row), token, DateTimeOffset.FromUnixTimeMilliseconds(now))));
            // They were all that was due.
            if (found.Count < asked) break;
        }

        return (claimed, isContended);
    }

    /// <summary>Releases claims of a call that failed: no attempt has begun.</summary>
    public static Task ReleaseAsync(IMongoCollection<BsonDocument> events, Guid token, long now, CancellationToken limit)
        => events.UpdateManyAsync(
            new BsonDocument { { "dueAt", Exists(true) }, { "claim.token", BsonFields.Id(token) } },
            new BsonDocument
            {
                { "$set", new BsonDocument("dueAt", new BsonDateTime(now + (long)ReleasePolicy.Wait.TotalMilliseconds)) },
                { "$unset", new BsonDocument("claim", "") },
            },
            new UpdateOptions { Hint = EventSchema.ClaimedIndex }, limit);

    /// <summary>Leaves out what is due for longer than a random time, unless nothing else is due.</summary>
    private static async Task BeginAtRandomAsync(
        IMongoCollection<BsonDocument> events, BsonDocument query, long now, CancellationToken limit)
    {
        var oldest = await FirstDueAsync(query);
        if (oldest is null) return;
        var due = query["dueAt"].AsBsonDocument;
        due.Add("$gte", new BsonDateTime(Random.Shared.NextInt64(oldest.Value, now + 1)));
        if (await FirstDueAsync(query) is null) due.Remove("$gte");

        async Task<long?> FirstDueAsync(BsonDocument which)
            => (await events.Find(which, By(EventSchema.DueIndex)).Sort(Ascending("dueAt")).Limit(1)
                .Project(Ascending("dueAt")).FirstOrDefaultAsync(limit))?["dueAt"].AsBsonDateTime.MillisecondsSinceEpoch;
    }

    /// <summary>
    /// When the next event is due or the next claim expires: the dueAt of a claimed row is the end of its lease.
    /// </summary>
    public static async Task<TimeSpan?> NextDueInAsync(IMongoCollection<BsonDocument> events, long now, CancellationToken limit)
    {
        var next = await events.Find(
            new BsonDocument("dueAt", new BsonDocument("$gt", new BsonDateTime(now))), By(EventSchema.DueIndex))
            .Sort(Ascending("dueAt")).Limit(1).Project(Ascending("dueAt")).FirstOrDefaultAsync(limit);
        return next is null ? null : TimeSpan.FromMilliseconds(next["dueAt"].AsBsonDateTime.MillisecondsSinceEpoch - now);
    }

    public static Task<bool> IsIsolatedDueAsync(
        IMongoCollection<BsonDocument> events, ClaimRequest request, long now, CancellationToken limit)
    {
        var (query, _, index) = ClaimableBy(request with { Order = ClaimOrder.Isolated }, now);
        return events.Find(query, By(index)).Limit(1).Project(Ascending("_id")).AnyAsync(limit);
    }

    /// <summary>The events that this call has failed.</summary>
    public static async Task<IReadOnlyList<FailedEvent>> WrittenByAsync(
        IMongoCollection<BsonDocument> events, IEnumerable<BsonValue> ids, Guid call, CancellationToken limit)
    {
        var rows = await events.Find(In(ids).Add(EventTransitions.WrittenBy, BsonFields.Id(call)).Add("status", "failed"))
            .Project(Ascending("shippingCompanyId", "eventId", "source")).ToListAsync(limit);
        return [.. rows.Select(row => new FailedEvent(EventDocument.Key(row), EventDocument.Source(row)))];
    }

    private static (BsonDocument Query, BsonDocument Sort, string Index) ClaimableBy(ClaimRequest request, long now)
    {
        var claimable = Claimable(request.Order, now);
        if (request.Except is { Count: > 0 } scopes) claimable.Query.Add("$nor", InScopes(scopes));
        return claimable;
    }

    /// <summary>
    /// Names the index, because a planner that chooses the index of a list sorts all pending rows per claim. Of more than 101
    /// rows MongoDB answers the rest only when asked again.
    /// </summary>
    private static FindOptions By(string index, int? rows = null) => new() { Hint = index, BatchSize = rows };
}
