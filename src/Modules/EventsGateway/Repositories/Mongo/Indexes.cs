using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

internal static class Indexes
{
    /// <summary>An index of this name, or of these fields, exists with other settings.</summary>
    public static bool IsConflict(MongoCommandException fault) => fault.Code is 85 or 86;

    /// <summary>There is no such collection, or no such index in it.</summary>
    public static bool IsAbsent(MongoCommandException fault) => fault.Code is 26 or 27;

    public static async Task<List<BsonDocument>> ListAsync(IMongoCollection<BsonDocument> collection, CancellationToken stop)
    {
        using var indexes = await collection.Indexes.ListAsync(stop);
        return await indexes.ToListAsync(stop);
    }

    /// <summary>The names of the unique indexes on these fields alone.</summary>
    public static async Task<IReadOnlyList<string>> UniqueAsync(
        IMongoCollection<BsonDocument> collection, CancellationToken stop, params string[] fields)
        =>
        [
            .. (await ListAsync(collection, stop))
                .Where(index => index.GetValue("unique", false).ToBoolean()
                    && index["key"].AsBsonDocument.Names.SequenceEqual(fields))
                .Select(index => index["name"].AsString),
        ];

    public static async Task DropAsync(IMongoCollection<BsonDocument> collection, string name, CancellationToken stop)
    {
        try
        {
            await collection.Indexes.DropOneAsync(name, stop);
        }
        catch (MongoCommandException gone) when (IsAbsent(gone))
        {
            // Another process has dropped it.
        }
    }

    public static async Task CreateAsync(
        IMongoCollection<BsonDocument> collection, IEnumerable<CreateIndexModel<BsonDocument>> indexes, CancellationToken stop)
    {
        try
        {
            await collection.Indexes.CreateManyAsync(indexes, stop);
        }
        catch (MongoCommandException fault) when (MongoFault.IsDuplicateKey(fault) || IsConflict(fault))
        {
            throw MongoFault.Because(
                $"an index of {collection.CollectionNamespace.CollectionName} cannot be created: {fault.Message}", fault);
        }
    }
}
