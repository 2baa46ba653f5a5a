using Gateway.EventsGateway.Events;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.ExpressionMongo;

namespace Gateway.EventsGateway.Repositories;

/// <summary>The collection of tombstones. A key is found by its hash alone, which is the document's id.</summary>
internal static class TombstonesMongo
{
    public const string Collection = "tombstones";

    public static async Task<HashSet<EventKey>> AmongAsync(IMongoDatabase database, IEnumerable<EventKey> keys, CancellationToken limit)
    {
        var hashes = keys.Distinct().ToDictionary(HashOf);
        var found = await Stones(database).Find(In(hashes.Keys)).Project(Ascending("_id")).ToListAsync(limit);
        return [.. found.Select(stone => hashes[stone["_id"]])];
    }

    public static async Task<Tombstone?> FindAsync(IMongoDatabase database, EventKey key, CancellationToken limit)
        => await Stones(database).Find(new BsonDocument("_id", HashOf(key))).FirstOrDefaultAsync(limit) is { } stone
            ? new Tombstone(
                EventStatusText.Parse(FieldMongo.Text(stone, "status")) ?? EventStatus.Failed, FieldMongo.Time(stone, "processedAt"),
                FieldMongo.Time(stone, "buriedAt") ?? DateTimeOffset.UnixEpoch)
            : null;

    /// <summary>Before anything is taken from the rows: from now on no intake adds one of them anew.</summary>
    public static async Task BuryAsync(IMongoDatabase database, IEnumerable<BsonDocument> rows, long now, CancellationToken limit)
    {
        try
        {
            await Stones(database).BulkWriteAsync(
                rows.Select(row => new ReplaceOneModel<BsonDocument>(new BsonDocument("_id", HashOf(EventRowMongo.Key(row))), Stone(row, now)) { IsUpsert = true }),
                new BulkWriteOptions { IsOrdered = false }, limit);
        }
        catch (MongoBulkWriteException<BsonDocument> there) when (IsThere(there))
        {
            // Another process has put it there at the same moment.
        }
    }

    public static IMongoCollection<BsonDocument> Stones(IMongoDatabase database) => database.GetCollection<BsonDocument>(Collection);

    private static bool IsThere(MongoBulkWriteException<BsonDocument> fault)
        => fault.WriteConcernError is null && fault.UnprocessedRequests.Count == 0
            && fault.WriteErrors.All(error => MongoFault.DuplicateKey.Contains(error.Code));

    private static BsonDocument Stone(BsonDocument row, long now)
    {
        var entity = EventRowMongo.Read(row);
        return new BsonDocument
        {
            { "status", (entity.Status == EventStatus.Pending ? EventStatus.Failed : entity.Status).Text() },
            { "processedAt", () => FieldMongo.Date(entity.ProcessedAt!.Value), entity.ProcessedAt is not null },
            { "buriedAt", new BsonDateTime(now) },
        };
    }

    private static BsonValue HashOf(EventKey key) => new BsonBinaryData(Tombstone.HashOf(key));
}
