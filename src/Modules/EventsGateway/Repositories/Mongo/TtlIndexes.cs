using Gateway.EventsGateway.NestInterop;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>An index by which the server itself removes what is older.</summary>
internal static class TtlIndexes
{
    public const string Index = "gateway_expiry";

    // 26 no such collection, 27 no such index.
    private static readonly int[] NotThere = [26, 27];

    /// <summary>Without an age nothing is removed.</summary>
    public static Task SetAsync(IMongoDatabase database, string collection, string field, TimeSpan? age, CancellationToken limit)
        => age is { } older ? EnsureAsync(database, collection, field, older, limit) : DropAsync(database, collection, limit);

    private static async Task DropAsync(IMongoDatabase database, string collection, CancellationToken limit)
    {
        try
        {
            await database.GetCollection<BsonDocument>(collection).Indexes.DropOneAsync(Index, limit);
        }
        catch (MongoCommandException absent) when (NotThere.Contains(absent.Code))
        {
            // It never was, or another process was faster.
        }
    }

    private static async Task EnsureAsync(IMongoDatabase database, string collection, string field, TimeSpan age, CancellationToken limit)
    {
        try
        {
            await database.GetCollection<BsonDocument>(collection).Indexes.CreateOneAsync(
                new CreateIndexModel<BsonDocument>(new BsonDocument(field, 1), new CreateIndexOptions { Name = Index, ExpireAfter = age }), null, limit);
        }
        catch (MongoCommandException refused) when (LegacyIndexes.IsConflict(refused))
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
