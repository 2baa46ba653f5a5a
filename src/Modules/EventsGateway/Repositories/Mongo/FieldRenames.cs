using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// Brings a database of version 0 to the field names and texts of version 1. An index on an old name marks such a database;
/// these indexes are dropped last, so an interrupted run starts again. Each document changes in one write that only matches
/// the old names: a second process, or a second run, finds nothing left to change.
/// </summary>
internal static class FieldRenames
{
    private const int Batch = 500;

    private static readonly string[] OldNames = ["life", "lifeBeganAt", "interruptions", "buriedAt"];

    private static readonly BsonDocument OldEvents = new()
    {
        // Rows of the NestJS original have no company and stay as they are.
        { "shippingCompanyId", Exists(true) },
        { "$or", new BsonArray { new BsonDocument("life", Exists(true)), new BsonDocument("buriedAt", Exists(true)) } },
    };

    private static readonly UpdateDefinition<BsonDocument> RenameEvent = Pipeline(
        Op("$set", new BsonDocument
        {
            { "generation", "$life" },
            { "requeuedAt", "$lifeBeganAt" },
            { "requeuedBy", "$lifeBegunBy" },
            { "abandonedAttempts", "$interruptions" },
            { "purgedAt", "$buriedAt" },
            { "outcome", Replaced(
                "$outcome", ("refused", "shipment-ended"), ("rejected", "rejected-by-router"),
                    ("gave-up", "deadline-exceeded")) },
            { "effectsDue", Cond(
                IfNull("$effectsDue.at", false), Renamed("$effectsDue", "at", "copied", "token"), "$effectsDue") },
            { "attempts", Cond(Op("$isArray", new BsonArray { "$attempts" }), Op("$map", new BsonDocument
                {
                    { "input", "$attempts" },
                    { "as", "a" },
                    { "in", Renamed("$$a", "number", "startedAt", "durationMs", "error", "probes", "lastStartedAt")
                        .Add("result", Replaced("$$a.result", ("refused", "shipment-ended"), ("interrupted", "abandoned"))) },
                }), "$attempts") },
        }),
        Op("$unset", new BsonArray { "life", "lifeBeganAt", "lifeBegunBy", "interruptions", "buriedAt" }));

    private static readonly UpdateDefinition<BsonDocument> RenameTombstone = Op(
        "$rename", new BsonDocument("buriedAt", "purgedAt"));

    private static readonly UpdateDefinition<BsonDocument> RenameAction = Pipeline(Op("$set", new BsonDocument(
        "action", Replaced("$action", ("forget-seen", "clear-deduplication-cache"), ("login-refused", "login-rejected")))));

    /// <summary>In a database of version 1 this only reads the list of indexes.</summary>
    public static async Task ApplyAsync(IMongoDatabase database, CancellationToken stop)
    {
        var events = EventDocument.In(database);
        if (await OldIndexesAsync(events, stop) is not { Count: > 0 } indexes) return;
        await UpdateAllAsync(events, ObjectId.Empty, OldEvents, RenameEvent, stop);
        BsonBinaryData least = new([]);
        await UpdateAllAsync(Tombstones.All(database), least, new BsonDocument("buriedAt", Exists(true)), RenameTombstone, stop);
        await UpdateAllAsync(
            database.GetCollection<BsonDocument>(AuditRepositoryMongo.Collection), least,
            new BsonDocument("action", Op("$in", new BsonArray { "forget-seen", "login-refused" })), RenameAction, stop);
        await DropAsync(Tombstones.All(database), await OldIndexesAsync(Tombstones.All(database), stop), stop);
        await DropAsync(events, indexes, stop);
    }

    /// <summary>Walks along the ids in ascending order, so that each command reads and writes one batch.</summary>
    private static async Task UpdateAllAsync(
        IMongoCollection<BsonDocument> collection, BsonValue leastId, BsonDocument old, UpdateDefinition<BsonDocument> rename,
            CancellationToken stop)
    {
        for (var next = Op("$gte", leastId); ;)
        {
            var rows = await collection.Find(new BsonDocument("_id", next)).Sort(Ascending("_id")).Limit(Batch)
                .Project(Ascending("_id")).ToListAsync(stop);
            if (rows.Count == 0) return;
            await collection.UpdateManyAsync(In(rows.Select(row => row["_id"])).AddRange(old), rename, null, stop);
            next = Op("$gt", rows[^1]["_id"]);
        }
    }

    private static async Task<List<BsonValue>> OldIndexesAsync(IMongoCollection<BsonDocument> collection, CancellationToken stop)
    {
        var keys = (await Indexes.ListAsync(collection, stop)).Select(index => index["key"]);
        return [.. keys.Where(key => key.AsBsonDocument.Names.Intersect(OldNames).Any())];
    }

    /// <summary>Finds the index by its fields: another process may have created the new index of the same name already.</summary>
    private static async Task DropAsync(
        IMongoCollection<BsonDocument> collection, IEnumerable<BsonValue> keys, CancellationToken stop)
    {
        foreach (var key in keys)
        {
            try
            {
                await collection.Database.RunCommandAsync<BsonDocument>(
                    new BsonDocument { { "dropIndexes", collection.CollectionNamespace.CollectionName }, { "index", key } },
                        null, stop);
            }
            catch (MongoCommandException gone) when (Indexes.IsAbsent(gone))
            {
                // Another process has dropped the index.
            }
        }
    }

    private static BsonDocument Renamed(string parent, params string[] kept)
        => new BsonDocument("generation", $"{parent}.life")
            .AddRange(new BsonDocument(kept.Select(field => new BsonElement(field, $"{parent}.{field}"))));

    private static BsonDocument Replaced(string text, params (string Old, string New)[] texts) => Op("$switch", new BsonDocument
    {
        { "branches", new BsonArray(texts.Select(pair => new BsonDocument
            {
                { "case", Op("$eq", new BsonArray { text, pair.Old }) }, { "then", pair.New },
            }))
        },
        { "default", text },
    });
}
