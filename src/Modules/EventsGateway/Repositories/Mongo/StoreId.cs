using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>The id of a store, written at its first use.</summary>
internal static class StoreId
{
    private const string Collection = "identity";

    private static readonly BsonDocument Row = new("_id", "store");

    public static Task<string> OfAsync(MongoConnection mongo) => mongo.UseAsync(Collection, async (rows, limit) =>
    {
        while (true)
        {
            if (await rows.Find(Row).FirstOrDefaultAsync(limit) is { } found) return found["id"].AsString;
            try
            {
                await rows.InsertOneAsync(new BsonDocument(Row).Add("id", Guid.NewGuid().ToString("n")), null, limit);
            }
            catch (MongoWriteException race) when (race.WriteError?.Category == ServerErrorCategory.DuplicateKey)
            {
                // Another process was first; its id is read.
            }
        }
    });
}
