using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>
/// Prepares a database of the NestJS original for the indexes of the gateway. The original's unique index on eventId alone would
/// reject an event when two shipping companies use the same id (B3). The gateway drops it only if an option allows it.
/// </summary>
internal static class LegacySchema
{
    public static MongoSchema Before(MongoSchema ours) => new(async (database, options, stop) =>
    {
        await DropUniqueAsync(EventDocument.In(database), options, stop);
        await LegacyShipments.EnsureUniqueAsync(ShipmentDocument.In(database), options, stop);
        await ours.EnsureAsync(database, options, stop);
    });

    private static async Task DropUniqueAsync(IMongoCollection<BsonDocument> events, MongoOptions options, CancellationToken stop)
    {
        foreach (var index in await Indexes.UniqueAsync(events, stop, "eventId"))
        {
            if (!options.DropLegacyIndexes)
            {
                throw MongoFault.Because(
                    $"the unique index {index} on events.eventId does not let two senders use the same id; " +
                    $"{MongoOptions.Section}:{nameof(MongoOptions.DropLegacyIndexes)}=true drops it");
            }

            await Indexes.DropAsync(events, index, stop);
        }
    }
}
