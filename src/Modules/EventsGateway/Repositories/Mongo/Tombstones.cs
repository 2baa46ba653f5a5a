using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>The collection of tombstones. The id of a document is the hash of the event key.</summary>
internal static class Tombstones
{
    public const string Collection = "tombstones";

    public static async Task<HashSet<EventKey>> AmongAsync(
        IMongoDatabase database, IEnumerable<EventKey> keys, CancellationToken limit)
    {
        var hashes = keys.Distinct().ToDictionary(HashOf);
        var found = await All(database).Find(In(hashes.Keys)).Project(Ascending("_id")).ToListAsync(limit);
        return [.. found.Select(tombstone => hashes[tombstone["_id"]])];
    }

    public static async Task<Tombstone?> FindAsync(IMongoDatabase database, EventKey key, CancellationToken limit)
        => await All(database).Find(new BsonDocument("_id", HashOf(key))).FirstOrDefaultAsync(limit) is { } tombstone
            ? new Tombstone(
                EventStatusText.Parse(BsonFields.Text(tombstone, "status")) ?? EventStatus.Failed,
                    BsonFields.Time(tombstone, "processedAt"),
                BsonFields.Time(tombstone, "purgedAt") ?? DateTimeOffset.UnixEpoch)
            : null;

    /// <summary>Must be called before the rows are emptied. From now on their events are duplicates.</summary>
    public static async Task PurgeAsync(
        IMongoDatabase database, IEnumerable<BsonDocument> rows, long now, CancellationToken limit)
    {
        try
        {
            await All(database).BulkWriteAsync(
                rows.Select(row => new ReplaceOneModel<BsonDocument>(
                    new BsonDocument("_id", HashOf(EventDocument.Key(row))), TombstoneOf(row, now)) { IsUpsert = true }),
                new BulkWriteOptions { IsOrdered = false }, limit);
        }
        catch (MongoBulkWriteException<BsonDocument> fault) when (IsWritten(fault))
        {
            // Another process has written the same tombstone at the same time.
        }
    }

    public static IMongoCollection<BsonDocument> All(IMongoDatabase database) => database.GetCollection<BsonDocument>(Collection);

    private static bool IsWritten(MongoBulkWriteException<BsonDocument> fault)
        => fault.WriteConcernError is null && fault.UnprocessedRequests.Count == 0
            && fault.WriteErrors.All(error => MongoFault.DuplicateKey.Contains(error.Code));

    private static BsonDocument TombstoneOf(BsonDocument row, long now)
    {
        var entity = EventDocument.Read(row);
        return new BsonDocument
        {
            { "status", (entity.Status == EventStatus.Pending ? EventStatus.Failed : entity.Status).Text() },
            { "processedAt", () => BsonFields.Date(entity.ProcessedAt!.Value), entity.ProcessedAt is not null },
            { "purgedAt", new BsonDateTime(now) },
        };
    }

    private static BsonValue HashOf(EventKey key) => new BsonBinaryData(Tombstone.HashOf(key));
}
