using System.Globalization;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>The id begins with the hour, so that old counts are found by it.</summary>
internal sealed class RejectionRepositoryMongo(MongoConnection mongo) : IRejectionRepository
{
    public const string Collection = "rejections";

    public Task AddAsync(IReadOnlyList<RejectionCount> counts, DateTimeOffset oldest)
        => mongo.UseAsync(Collection, async (rejections, limit) =>
        {
            await rejections.DeleteManyAsync(new BsonDocument("_id", Op("$lt", IdOf(oldest))), limit);
            await rejections.BulkWriteAsync(counts.Select(Increment), new BulkWriteOptions { IsOrdered = false }, limit);
            return true;
        });

    public Task<IReadOnlyList<RejectionCount>> ListAsync(DateTimeOffset oldest, CancellationToken cancellationToken)
        => mongo.UseAsync<IReadOnlyList<RejectionCount>>(
            Collection,
            async (rejections, limit) =>
            {
                var rows = await rejections.Find(new BsonDocument("_id", Op("$gte", IdOf(oldest)))).ToListAsync(limit);
                return [.. rows.Select(Read)];
            },
            cancellationToken);

    private static UpdateOneModel<BsonDocument> Increment(RejectionCount one)
        => new(
            new BsonDocument("_id", $"{IdOf(one.Hour.Start)} {one.Hour.Source} {one.Hour.Reason}"),
            new BsonDocument
            {
                {
                    "$setOnInsert", new BsonDocument
                    {
                        { "hour", BsonFields.Date(one.Hour.Start) }, { "source", one.Hour.Source }, { "reason", one.Hour.Reason },
                    }
                },
                { "$inc", new BsonDocument("count", one.Count) },
            })
        {
            IsUpsert = true,
        };

    private static string IdOf(DateTimeOffset hour) => hour.UtcDateTime.ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);

    private static RejectionCount Read(BsonDocument row) => new(
        new RejectionHour(
            BsonFields.Time(row, "hour") ?? DateTimeOffset.UnixEpoch, BsonFields.Text(row, "source") ?? "",
            BsonFields.Text(row, "reason") ?? ""),
        row["count"].ToInt64());
}
