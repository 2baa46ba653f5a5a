using System.Globalization;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>The id begins with step and start, so that its index finds a range of time.</summary>
internal sealed class HistoryRepositoryMongo(MongoConnection mongo) : IHistoryRepository
{
    public const string Collection = "history";

    public Task SaveAsync(IReadOnlyList<HistoryRow> rows)
        => mongo.UseAsync(Collection, async (history, limit) =>
        {
            await history.BulkWriteAsync(rows.Select(Upsert), new BulkWriteOptions { IsOrdered = false }, limit);
            return true;
        });

    public Task<IReadOnlyList<HistoryRow>> ListAsync(
        int step, DateTimeOffset from, DateTimeOffset before, CancellationToken cancellationToken)
        => mongo.UseAsync<IReadOnlyList<HistoryRow>>(
            Collection,
            async (history, limit) =>
            {
                var range = new BsonDocument { { "$gte", IdOf(step, from) }, { "$lt", IdOf(step, before) } };
                var rows = await history.Find(new BsonDocument("_id", range)).ToListAsync(limit);
                return [.. rows.Select(row => Read(step, row))];
            },
            cancellationToken);

    public Task<IReadOnlyList<HistorySize>> ListSizesAsync(int step)
        => mongo.UseAsync<IReadOnlyList<HistorySize>>(Collection, async (history, limit) =>
        {
            var sizes = await history.Find(new BsonDocument("_id", OfStep(step)))
                .Project(new BsonDocument { { "_id", 0 }, { "start", 1 }, { "bytes", 1 } }).ToListAsync(limit);
            return [.. sizes.Select(row => new HistorySize(StartOf(row), row["bytes"].ToInt64()))];
        });

    public Task RemoveOutsideAsync(int step, DateTimeOffset first, DateTimeOffset last)
        => mongo.UseAsync(Collection, async (history, limit) =>
        {
            await history.DeleteManyAsync(
                new BsonDocument("_id", OfStep(step).Set("$lt", IdOf(step, first))), limit);
            // An id is longer than the text of its start, so those that begin at the last time are found by their start.
            await history.DeleteManyAsync(
                new BsonDocument
                {
                    { "_id", OfStep(step).Set("$gt", IdOf(step, last)) }, { "start", Op("$gt", BsonFields.Date(last)) },
                },
                limit);
            return true;
        });

    private static UpdateOneModel<BsonDocument> Upsert(HistoryRow row)
        => new(
            new BsonDocument("_id", $"{IdOf(row.Key.Step, row.Key.Start)} {row.Key.Writer:n}"),
            new BsonDocument(
                "$set", new BsonDocument
                {
                    { "start", BsonFields.Date(row.Key.Start) }, { "writer", row.Key.Writer.ToString("n") },
                    { "process", row.Process }, { "host", row.Host }, { "bytes", row.Data.Length }, { "data", row.Data },
                }))
        {
            IsUpsert = true,
        };

    private static BsonDocument OfStep(int step) => new() { { "$gt", $"{step:D4} " }, { "$lt", $"{step:D4}~" } };

    private static string IdOf(int step, DateTimeOffset start)
        => $"{step:D4} {start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)}";

    private static DateTimeOffset StartOf(BsonDocument row) => BsonFields.Time(row, "start") ?? DateTimeOffset.UnixEpoch;

    private static HistoryRow Read(int step, BsonDocument row) => new(
        new HistoryKey(step, StartOf(row), Guid.ParseExact(row["writer"].AsString, "n")), row["process"].AsString,
        row["host"].AsString, row["data"].AsByteArray);
}
