using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

internal sealed class AuditRepositoryMongo(MongoConnection mongo) : IAuditRepository
{
    public const string Collection = "audit";

    public async Task<Guid> BeginAsync(AuditRecord record)
    {
        // UUID version 7 grows with time, so records of one millisecond keep their order.
        var id = Guid.CreateVersion7();
        await mongo.UseAsync(Collection, async (audit, limit) =>
        {
            await audit.InsertOneAsync(Row(id, record), null, limit);
            return true;
        });
        return id;
    }

    public Task CompleteAsync(Guid id, string result)
        => mongo.UseAsync(Collection, (audit, limit) => audit.UpdateOneAsync(
            new BsonDocument("_id", BsonFields.Id(id)), new BsonDocument("$set", new BsonDocument("result", result)),
                null, limit));

    public Task<IReadOnlyList<AuditRecord>> ListAsync(AuditCursor? after, int limit, CancellationToken cancellationToken)
        => mongo.UseAsync<IReadOnlyList<AuditRecord>>(Collection,
            async (audit, stop) =>
            {
                var rows = await audit.Find(after is null ? new BsonDocument() : Behind(after))
                    .Sort(new BsonDocument { { "at", -1 }, { "_id", -1 } }).Limit(limit).ToListAsync(stop);
                return [.. rows.Select(Read)];
            },
            cancellationToken);

    // The separate condition on the time lets the index scan begin at the page; the $or alone does not.
    private static BsonDocument Behind(AuditCursor after)
    {
        var at = BsonFields.Date(after.At);
        return new BsonDocument
        {
            { "at", new BsonDocument("$lte", at) },
            {
                "$or", new BsonArray
                {
                    new BsonDocument("at", new BsonDocument("$lt", at)),
                        new BsonDocument("_id", new BsonDocument("$lt", BsonFields.Id(after.Id))),
                }
            },
        };
    }

    private static BsonDocument Row(Guid id, AuditRecord record) => new()
    {
        { "_id", BsonFields.Id(id) },
        { "at", BsonFields.Date(record.At) },
        { "who", record.Who },
        { "from", record.From },
        { "action", record.Action },
        { "what", record.What },
        { "result", record.Result, record.Result is not null },
    };

    private static AuditRecord Read(BsonDocument row) => new()
    {
        Id = row["_id"].IsGuid ? row["_id"].AsGuid : Guid.Empty,
        At = BsonFields.Time(row, "at") ?? DateTimeOffset.UnixEpoch,
        Who = BsonFields.Text(row, "who") ?? "",
        From = BsonFields.Text(row, "from") ?? "",
        Action = BsonFields.Text(row, "action") ?? "",
        What = BsonFields.Text(row, "what") ?? "",
        Result = BsonFields.Text(row, "result"),
    };
}
