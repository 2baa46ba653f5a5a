using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>
/// The original's unique index on eventId alone: under it the second of two couriers with the same id would be refused
/// (B3). It is not ours, so nobody drops it unasked.
/// </summary>
internal static class LegacyIndexes
{
    private const int IndexNotFound = 27;

    public static bool IsConflict(MongoCommandException fault) => fault.Code is 85 or 86;

    public static async Task ClearTheWayAsync(IMongoCollection<BsonDocument> events, MongoOptions options, CancellationToken stop)
    {
        foreach (var index in await UniqueAsync(events, "eventId", stop))
        {
            if (!options.DropLegacyIndexes)
            {
                throw MongoFault.Because(
                    $"the unique index {index} on events.eventId stands in the way: two couriers may use the same id; " +
                    $"{MongoOptions.Section}:{nameof(MongoOptions.DropLegacyIndexes)}=true drops it");
            }

            try
            {
                await events.Indexes.DropOneAsync(index, stop);
            }
            catch (MongoCommandException gone) when (gone.Code == IndexNotFound)
            {
                // Another process of ours was faster.
            }
        }
    }

    /// <summary>The unique indexes on this field and nothing else.</summary>
    public static async Task<IReadOnlyList<string>> UniqueAsync(
        IMongoCollection<BsonDocument> collection, string field, CancellationToken stop)
    {
        using var indexes = await collection.Indexes.ListAsync(stop);
        return
        [
            .. (await indexes.ToListAsync(stop))
                .Where(index => index.GetValue("unique", false).ToBoolean() && index["key"].AsBsonDocument.Names.SequenceEqual([field]))
                .Select(index => index["name"].AsString),
        ];
    }
}
