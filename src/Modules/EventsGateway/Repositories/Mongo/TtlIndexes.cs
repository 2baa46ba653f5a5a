using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>Indexes by which the server itself removes old documents.</summary>
internal static class TtlIndexes
{
    public const string Index = "gateway_expiry";

    /// <summary>Without an age the index is dropped, and the server removes nothing.</summary>
    public static Task SetAsync(IMongoDatabase database, string collection, string field, TimeSpan? age, CancellationToken limit)
        => age is { } older ? EnsureAsync(database, collection, field, older, limit) : DropAsync(database, collection, limit);

    private static async Task DropAsync(IMongoDatabase database, string collection, CancellationToken limit)
    {
        try
        {
            await database.GetCollection<BsonDocument>(collection).Indexes.DropOneAsync(Index, limit);
        }
        catch (MongoCommandException absent) when (Indexes.IsAbsent(absent))
        {
            // The index does not exist, or another process has dropped it.
        }
    }

    private static async Task EnsureAsync(
        IMongoDatabase database, string collection, string field, TimeSpan age, CancellationToken limit)
    {
        try
        {
            await database.GetCollection<BsonDocument>(collection).Indexes.CreateOneAsync(
                new CreateIndexModel<BsonDocument>(
                    new BsonDocument(field, 1), new CreateIndexOptions { Name = Index, ExpireAfter = age }),
                null, limit);
        }
        catch (MongoCommandException conflict) when (Indexes.IsConflict(conflict))
        {
            // The index exists with another age.
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
