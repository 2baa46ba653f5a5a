using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.ExpressionMongo;

namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// Rows on their way out, in two steps. First they get a tombstone, lose what they hold and are marked with their removal; ten
/// minutes later they go. An intake looks for tombstones before it inserts, and nothing of it lasts for more than a minute: who
/// has looked before the tombstone was there still meets the row, and its unique key, afterwards. Each step can be done again
/// after a crash, and by two processes at once; the counts take a removal once.
/// </summary>
internal static class RemovalsMongo
{
    public const string Collection = "removals";
    public const string Field = "removal";

    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    // Long after a removal is done a slow twin of the process that did it might still add its numbers.
    private const int AppliedKept = 1000;

    private const string Counted = "counted";

    private static readonly BsonDocument OfCounts = new("_id", "counts");

    /// <param name="database">The store.</param>
    /// <param name="shipments">Those that an attempt may write anew after they were erased: looked at once more at the end.</param>
    /// <param name="now">When the tombstones were there.</param>
    /// <param name="limit">Ends the operation.</param>
    public static async Task<BsonValue> BeginAsync(IMongoDatabase database, IEnumerable<string> shipments, long now, CancellationToken limit)
    {
        var id = FieldMongo.Id(Guid.NewGuid());
        await Removals(database).InsertOneAsync(
            new BsonDocument { { "_id", id }, { "at", new BsonDateTime(now) }, { "shipments", new BsonArray(shipments) } }, null, limit);
        return id;
    }

    /// <summary>Ends the oldest removal whose rest is over; returns whether there was one.</summary>
    public static async Task<bool> FinishOldestAsync(IMongoDatabase database, long now, CancellationToken limit)
    {
        var due = new BsonDocument("at", new BsonDocument("$lte", new BsonDateTime(now - (long)Rest.TotalMilliseconds)));
        var removal = await Removals(database).Find(due).Sort(Ascending("at")).FirstOrDefaultAsync(limit);
        if (removal is null) return false;
        var of = new BsonDocument("_id", removal["_id"]);
        var rows = new BsonDocument(Field, removal["_id"]);
        if (!removal.Contains(Counted)) removal = await CountAsync(database, of, rows, limit) ?? removal;
        await ApplyAsync(database, removal, limit);
        await Events(database).DeleteManyAsync(rows, limit);
        await ForgetAsync(database, [.. FieldMongo.Items(removal, "shipments")], limit);
        await Removals(database).DeleteOneAsync(of, limit);
        return true;
    }

    /// <summary>What was removed, less what is still there of it after a crash: together with the rows each event counts once.</summary>
    public static async Task<RemovedCounts> CountAsync(IMongoDatabase database, IClientSessionHandle session, CancellationToken limit)
    {
        var counts = await Removals(database).Find(session, OfCounts).FirstOrDefaultAsync(limit);
        if (counts is null) return default;
        var applied = FieldMongo.Items(counts, "applied");
        var open = await Removals(database).Find(session, new BsonDocument(Counted, Exists(true))).Project(Ascending("_id")).ToListAsync(limit);
        long processed = counts["processed"].ToInt64(), failed = counts["failed"].ToInt64();
        foreach (var id in open.Select(removal => removal["_id"]).Where(applied.Contains))
        {
            var left = await LeftAsync(database, session, new BsonDocument(Field, id), limit);
            (processed, failed) = (processed - left.Processed, failed - left.Failed);
        }

        return new RemovedCounts(processed, failed);
    }

    /// <summary>Once: what the rows tell later, when some of them are gone, is not what was removed.</summary>
    private static async Task<BsonDocument?> CountAsync(IMongoDatabase database, BsonDocument of, BsonDocument rows, CancellationToken limit)
    {
        using var session = await database.Client.StartSessionAsync(null, limit);
        var left = await LeftAsync(database, session, rows, limit);
        await Removals(database).UpdateOneAsync(
            new BsonDocument(of).Add(Counted, Exists(false)),
            new BsonDocument("$set", new BsonDocument(Counted, new BsonDocument { { "processed", left.Processed }, { "failed", left.Failed } })), null, limit);
        return await Removals(database).Find(of).FirstOrDefaultAsync(limit);
    }

    private static async Task ApplyAsync(IMongoDatabase database, BsonDocument removal, CancellationToken limit)
    {
        if (!removal.TryGetValue(Counted, out var counted)) return;
        try
        {
            await Removals(database).UpdateOneAsync(
                new BsonDocument(OfCounts).Add("applied", new BsonDocument("$ne", removal["_id"])),
                new BsonDocument
                {
                    { "$inc", counted },
                    { "$push", new BsonDocument("applied", new BsonDocument { { "$each", new BsonArray { removal["_id"] } }, { "$slice", -AppliedKept } }) },
                },
                new UpdateOptions { IsUpsert = true }, limit);
        }
        catch (MongoWriteException there) when (Shared.Mongo.MongoFault.IsDuplicateKey(there))
        {
            // Counted already: the counts are there, and what would be inserted beside them is refused.
        }
    }

    /// <summary>An attempt that was running writes its shipment anew; without any row nobody needs it.</summary>
    private static async Task ForgetAsync(IMongoDatabase database, IReadOnlyList<BsonValue> shipments, CancellationToken limit)
    {
        foreach (var of in shipments.Select(id => new BsonDocument("shipmentId", id)))
        {
            if (await Events(database).Find(of).Limit(1).Project(Ascending("_id")).AnyAsync(limit)) continue;
            await database.GetCollection<BsonDocument>(ShipmentRepositoryMongo.Collection).DeleteOneAsync(of, limit);
        }
    }

    private static async Task<RemovedCounts> LeftAsync(
        IMongoDatabase database, IClientSessionHandle session, BsonDocument rows, CancellationToken limit)
    {
        var left = await Events(database).Find(session, rows).Project(Ascending("status")).ToListAsync(limit);
        var processed = left.Count(row => FieldMongo.Text(row, "status") == "processed");
        return new RemovedCounts(processed, left.Count - processed);
    }

    private static IMongoCollection<BsonDocument> Removals(IMongoDatabase database) => database.GetCollection<BsonDocument>(Collection);

    private static IMongoCollection<BsonDocument> Events(IMongoDatabase database) => database.GetCollection<BsonDocument>(EventRowMongo.Collection);
}
