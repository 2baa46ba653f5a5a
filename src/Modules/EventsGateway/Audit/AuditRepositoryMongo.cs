using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Audit;

internal sealed class AuditRepositoryMongo(MongoConnection mongo) : IAuditRepository
{
    public const string Collection = "audit";

    public async Task<Guid> BeginAsync(AuditRecord record)
    {
        // Of version 7: records of one moment stay in order.
        var id = Guid.CreateVersion7();
        await UseAsync(async (audit, limit) =>
        {
            await audit.InsertOneAsync(Row(id, record), null, limit);
            return true;
        });
        return id;
    }

    public Task CompleteAsync(Guid id, string result)
        => UseAsync((audit, limit) => audit.UpdateOneAsync(
            new BsonDocument("_id", FieldMongo.Id(id)), new BsonDocument("$set", new BsonDocument("result", result)), null, limit));

    public Task<IReadOnlyList<AuditRecord>> ListAsync(AuditCursor? after, int limit, CancellationToken cancellationToken)
        => UseAsync<IReadOnlyList<AuditRecord>>(
            async (audit, stop) =>
            {
                var rows = await audit.Find(after is null ? new BsonDocument() : Behind(after)).Sort(new BsonDocument { { "at", -1 }, { "_id", -1 } }).Limit(limit).ToListAsync(stop);
                return [.. rows.Select(Read)];
            },
            cancellationToken);

    // The time on its own besides: with the $or alone no index is walked from where the page begins.
    private static BsonDocument Behind(AuditCursor after)
    {
        var at = FieldMongo.Date(after.At);
        return new BsonDocument
        {
            { "at", new BsonDocument("$lte", at) },
            { "$or", new BsonArray { new BsonDocument("at", new BsonDocument("$lt", at)), new BsonDocument("_id", new BsonDocument("$lt", FieldMongo.Id(after.Id))) } },
        };
    }

    private static BsonDocument Row(Guid id, AuditRecord record) => new()
    {
        { "_id", FieldMongo.Id(id) },
        { "at", FieldMongo.Date(record.At) },
        { "who", record.Who },
        { "from", record.From },
        { "action", record.Action },
        { "what", record.What },
        { "result", record.Result, record.Result is not null },
    };

    private static AuditRecord Read(BsonDocument row) => new()
    {
        Id = row["_id"].IsGuid ? row["_id"].AsGuid : Guid.Empty,
        At = FieldMongo.Time(row, "at") ?? DateTimeOffset.UnixEpoch,
        Who = FieldMongo.Text(row, "who") ?? "",
        From = FieldMongo.Text(row, "from") ?? "",
        Action = FieldMongo.Text(row, "action") ?? "",
        What = FieldMongo.Text(row, "what") ?? "",
        Result = FieldMongo.Text(row, "result"),
    };

    private Task<T> UseAsync<T>(
        Func<IMongoCollection<BsonDocument>, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default)
        => mongo.UseAsync((database, limit) => work(database.GetCollection<BsonDocument>(Collection), limit), cancellationToken);
}
