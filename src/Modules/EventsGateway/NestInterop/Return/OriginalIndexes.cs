using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.NestInterop.Return;

/// <summary>
/// The unique indexes of the NestJS original: <c>eventId</c> of events and <c>shipmentId</c> of shipments, each alone. Ids of
/// several rows are found by reading an index of the gateway page by page: grouping a large collection takes longer than one
/// operation may.
/// </summary>
internal sealed class OriginalIndexes(MongoConnection mongo)
{
    /// <summary>Ids that are named.</summary>
    public const int MostIds = 20;

    private const int Page = 10_000;

    public Task<IReadOnlyList<string>> SharedEventIdsAsync(CancellationToken stop)
        => SharedAsync(EventDocument.In, "eventId", stop);

    public Task<IReadOnlyList<string>> SharedShipmentIdsAsync(CancellationToken stop)
        => SharedAsync(ShipmentDocument.In, "shipmentId", stop);

    public Task<bool> ExistAsync(CancellationToken stop) => mongo.UseAsync(
        async (database, limit) =>
            (await Indexes.UniqueAsync(EventDocument.In(database), limit, "eventId")).Count > 0
            && (await Indexes.UniqueAsync(ShipmentDocument.In(database), limit, "shipmentId")).Count > 0,
        stop);

    /// <summary>
    /// With the names that the original gives. Each may take longer than one operation; then a repeat finds it.
    /// </summary>
    public async Task<bool> CreateAsync(CancellationToken stop)
    {
        await CreateAsync(EventDocument.In, "eventId", stop);
        return await CreateAsync(ShipmentDocument.In, "shipmentId", stop);
    }

    private Task<bool> CreateAsync(
        Func<IMongoDatabase, IMongoCollection<BsonDocument>> collection, string field, CancellationToken stop)
        => mongo.UseAsync(
            async (database, limit) =>
            {
                var unique = new CreateIndexOptions { Name = $"{field}_1", Unique = true };
                if ((await Indexes.UniqueAsync(collection(database), limit, field)).Count == 0)
                {
                    await Indexes.CreateAsync(
                        collection(database), [new CreateIndexModel<BsonDocument>(Ascending(field), unique)], limit);
                }

                return true;
            },
            stop);

    private async Task<IReadOnlyList<string>> SharedAsync(
        Func<IMongoDatabase, IMongoCollection<BsonDocument>> collection, string field, CancellationToken stop)
    {
        var shared = new List<string>();
        for (var last = Op("$gte", ""); shared.Count < MostIds;)
        {
            var page = new BsonDocument(field, last);
            var rows = await mongo.UseAsync(
                (database, limit) => collection(database).Find(page)
                    .Sort(Ascending(field)).Limit(Page).Project(Ascending(field).Add("_id", 0)).ToListAsync(limit),
                stop);
            var groups = rows.GroupBy(row => row[field].AsString).Select(same => (Id: same.Key, Count: same.Count())).ToList();
            // The next page begins with the id that this one may have cut.
            var isLast = rows.Count < Page;
            if (!isLast && groups.Count > 1) groups.RemoveAt(groups.Count - 1);
            shared.AddRange(groups.Where(group => group.Count > 1).Select(group => group.Id).Take(MostIds - shared.Count));
            if (isLast) break;
            last = Op("$gt", groups[^1].Id);
        }

        return shared;
    }
}
