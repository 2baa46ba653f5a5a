using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories;

/// <summary>An index by which the server itself removes what is older.</summary>
internal static class TtlMongo
{
    public const string Index = "gateway_expiry";

    public static async Task EnsureAsync(IMongoDatabase database, string collection, string field, TimeSpan age, CancellationToken limit)
    {
        try
        {
            await database.GetCollection<BsonDocument>(collection).Indexes.CreateOneAsync(
                new CreateIndexModel<BsonDocument>(new BsonDocument(field, 1), new CreateIndexOptions { Name = Index, ExpireAfter = age }), null, limit);
        }
        catch (MongoCommandException refused) when (LegacyIndexesMongo.IsConflict(refused))
        {
            // It is there with another age.
            await database.RunCommandAsync<BsonDocument>(
                new BsonDocument
                {
                    { "collMod", collection },
                    { "index", new BsonDocument { { "name", Index }, { "expireAfterSeconds", (long)age.TotalSeconds } } },
                },
                null, limit);
        }
    }
}
