using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.Benchmarks.Worker;

/// <summary>
/// The upper limit of the store: claims, applies and saves batches with the driver alone, without routing, logs, retries or
/// crash recovery.
/// </summary>
internal sealed class BareLoop(IMongoDatabase database, int batch)
{
    private static readonly BulkWriteOptions Unordered = new() { IsOrdered = false };

    private readonly IMongoCollection<BsonDocument> _events = database.GetCollection<BsonDocument>("events");
    private readonly IMongoCollection<BsonDocument> _shipments = database.GetCollection<BsonDocument>("shipments");

    public async Task DrainAsync(Action<int> onSettled)
    {
        while (await ClaimAsync() is { Count: > 0 } claimed)
        {
            await ApplyAsync(claimed);
            onSettled(await SaveAsync(claimed));
        }
    }

    private async Task<List<BsonDocument>> ClaimAsync()
    {
        var (token, now) = (Guid.NewGuid().ToString(), DateTime.UtcNow);
        var due = new BsonDocument
        {
            { "status", "pending" }, { "dueAt", new BsonDocument("$lte", now) },
            { "claim.token", new BsonDocument("$exists", false) },
        };
        var found = await _events.Find(due, new FindOptions { Hint = "gateway_due_2" })
            .Sort(new BsonDocument("dueAt", 1)).Limit(batch)
            .Project(new BsonDocument("_id", 1)).ToListAsync();
        var these = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(found.Select(row => row["_id"]))));
        var claim = new BsonDocument
        {
            { "claim", new BsonDocument { { "token", token }, { "at", now } } }, { "dueAt", now.AddSeconds(30) },
        };
        await _events.UpdateManyAsync(new BsonDocument(these).AddRange(due), new BsonDocument("$set", claim));
        return await _events.Find(new BsonDocument(these).Add("claim.token", token)).ToListAsync();
    }

    private async Task ApplyAsync(List<BsonDocument> claimed)
    {
        var updates = claimed.Select(e => new UpdateOneModel<BsonDocument>(
            new BsonDocument("shipmentId", e["shipmentId"]),
            new BsonDocument
            {
                {
                    "$setOnInsert",
                    new BsonDocument
                    {
                        { "merchantId", e["merchantId"] }, { "status", "ACTIVE" }, { "createdAt", DateTime.UtcNow },
                    }
                },
                { "$max", new BsonDocument("lastEventAt", e["occurredAt"]) },
                { "$set", new BsonDocument("updatedAt", DateTime.UtcNow) },
            }) { IsUpsert = true });
        await _shipments.BulkWriteAsync(updates, Unordered);
        var ids = new BsonDocument("$in", new BsonArray(claimed.Select(e => e["shipmentId"])));
        await _shipments.Find(new BsonDocument("shipmentId", ids)).ToListAsync();
    }

    private async Task<int> SaveAsync(List<BsonDocument> claimed)
    {
        var attempt = new BsonDocument
        {
            { "generation", 1 }, { "number", 1 }, { "startedAt", DateTime.UtcNow }, { "durationMs", 1 }, { "result", "routed" },
        };
        var set = new BsonDocument
        {
            { "status", "processed" }, { "processedAt", DateTime.UtcNow }, { "outcome", "routed" }, { "routeId", "RoID-1" },
                { "abandonedAttempts", 0 },
            { "firstAttemptAt", DateTime.UtcNow }, { "payload", new BsonDocument("weight", 1.5) },
        };
        var update = new BsonDocument
        {
            { "$set", set }, { "$unset", new BsonDocument { { "claim", "" }, { "dueAt", "" } } },
            { "$inc", new BsonDocument("attemptsSpent", 1) }, { "$push", new BsonDocument("attempts", attempt) },
        };
        var saved = await _events.BulkWriteAsync(claimed.Select(UpdateOf), Unordered);
        return (int)saved.ModifiedCount;

        UpdateOneModel<BsonDocument> UpdateOf(BsonDocument e)
            => new(new BsonDocument { { "_id", e["_id"] }, { "claim.token", e["claim"]["token"] } }, update);
    }
}
