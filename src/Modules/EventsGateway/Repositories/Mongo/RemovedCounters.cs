using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// The numbers of removed events, in one document of the collection of removals. Each removal is added exactly once.
/// </summary>
internal static class RemovedCounters
{
    // The ids of the last removals that were added: a slow process may try to add one that another has completed long ago.
    private const int AppliedKept = 1000;

    private const string Counted = "counted";

    private static readonly BsonDocument OfCounts = new("_id", "counts");

    /// <summary>
    /// Subtracts rows that still exist because a crash interrupted their removal: they are counted with the other rows.
    /// </summary>
    public static async Task<RemovedCounts> CountAsync(
        IMongoDatabase database, IClientSessionHandle session, CancellationToken limit)
    {
        var counts = await In(database).Find(session, OfCounts).FirstOrDefaultAsync(limit);
        if (counts is null) return default;
        var applied = BsonFields.Items(counts, "applied");
        var open = await In(database).Find(session, new BsonDocument(Counted, Exists(true))).Project(Ascending("_id"))
            .ToListAsync(limit);
        long processed = counts["processed"].ToInt64(), failed = counts["failed"].ToInt64();
        // Counters that an earlier version has written have no member for it.
        var dismissed = counts.GetValue("dismissed", 0).ToInt64();
        foreach (var id in open.Select(removal => removal["_id"]).Where(applied.Contains))
        {
            var left = await LeftAsync(database, session, id, limit);
            (processed, failed, dismissed) = (processed - left.Processed, failed - left.Failed, dismissed - left.Dismissed);
        }

        return new RemovedCounts(processed, failed, dismissed);
    }

    /// <summary>Adds a removal. Must be called before its rows are deleted, because it counts them.</summary>
    public static async Task AddAsync(IMongoDatabase database, BsonDocument removal, CancellationToken limit)
    {
        var id = removal["_id"];
        if (!removal.Contains(Counted))
        {
            await FixAsync(database, id, limit);
            removal = await In(database).Find(new BsonDocument("_id", id)).FirstOrDefaultAsync(limit) ?? removal;
        }

        if (!removal.TryGetValue(Counted, out var counted)) return;
        try
        {
            await In(database).UpdateOneAsync(
                new BsonDocument(OfCounts).Add("applied", Op("$ne", id)),
                new BsonDocument
                {
                    { "$inc", counted },
                    { "$push", new BsonDocument(
                        "applied", new BsonDocument { { "$each", new BsonArray { id } }, { "$slice", -AppliedKept } }) },
                },
                new UpdateOptions { IsUpsert = true }, limit);
        }
        catch (MongoWriteException there) when (MongoFault.IsDuplicateKey(there))
        {
            // The removal was added before: the condition does not match, and the upsert tries to insert a second document.
        }
    }

    private static async Task FixAsync(IMongoDatabase database, BsonValue id, CancellationToken limit)
    {
        using var session = await database.Client.StartSessionAsync(null, limit);
        var left = await LeftAsync(database, session, id, limit);
        await In(database).UpdateOneAsync(
            new BsonDocument { { "_id", id }, { Counted, Exists(false) } },
            new BsonDocument("$set",
                new BsonDocument(Counted, new BsonDocument
                {
                    { "processed", left.Processed }, { "failed", left.Failed }, { "dismissed", left.Dismissed },
                })),
            null, limit);
    }

    private static async Task<RemovedCounts> LeftAsync(
        IMongoDatabase database, IClientSessionHandle session, BsonValue id, CancellationToken limit)
    {
        var left = await EventDocument.In(database).Find(session, new BsonDocument(Removals.Field, id))
            .Project(Ascending("status")).ToListAsync(limit);
        var processed = left.Count(row => BsonFields.Text(row, "status") == "processed");
        var dismissed = left.Count(row => BsonFields.Text(row, "status") == "dismissed");
        return new RemovedCounts(processed, left.Count - processed - dismissed, dismissed);
    }

    private static IMongoCollection<BsonDocument> In(IMongoDatabase database)
        => database.GetCollection<BsonDocument>(Removals.Collection);
}
