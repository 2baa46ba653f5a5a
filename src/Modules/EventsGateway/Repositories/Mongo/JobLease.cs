using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>Lets one process at a time do a job. The clocks of processes differ, so no guarantee may depend on it.</summary>
internal static class JobLease
{
    /// <summary>True where the lease was free or had expired, or where this process has it already.</summary>
    public static async Task<bool> TakeAsync(
        IMongoDatabase database, string name, string me, long now, TimeSpan length, CancellationToken limit)
    {
        var free = new BsonDocument
        {
            { "_id", name },
            { "$or", new BsonArray { new BsonDocument("holder", me),
                new BsonDocument("until", new BsonDocument("$lte", new BsonDateTime(now))) } },
        };
        var mine = new BsonDocument(
            "$set", new BsonDocument { { "holder", me }, { "until", new BsonDateTime(now + (long)length.TotalMilliseconds) } });
        try
        {
            await database.GetCollection<BsonDocument>("leases")
                .UpdateOneAsync(free, mine, new UpdateOptions { IsUpsert = true }, limit);
            return true;
        }
        catch (MongoWriteException held) when (MongoFault.IsDuplicateKey(held))
        {
            return false;
        }
    }
}
