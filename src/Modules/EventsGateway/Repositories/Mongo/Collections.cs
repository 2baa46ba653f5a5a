using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

internal static class Collections
{
    /// <summary>One operation on one collection.</summary>
    public static Task<T> UseAsync<T>(
        this MongoConnection mongo, string collection, Func<IMongoCollection<BsonDocument>, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken = default)
        => mongo.UseAsync((database, limit) => work(database.GetCollection<BsonDocument>(collection), limit), cancellationToken);
}
