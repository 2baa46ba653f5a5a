using Gateway.EventsGateway.Entities;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// An empty merchant stands for any, and so does no field for the source. A unique index on current pauses allows one of each.
/// </summary>
internal sealed class PauseRepositoryMongo(MongoConnection mongo, TimeProvider clock) : IPauseRepository
{
    public const string Collection = "pauses";
    public const string Current = "current";

    public Task<IReadOnlyList<RoutingPause>> ListAsync(CancellationToken cancellationToken)
        => mongo.UseAsync<IReadOnlyList<RoutingPause>>(
            Collection,
            async (pauses, limit) =>
            {
                var rows = await pauses.Find(new BsonDocument()).Sort(Ascending("since", "_id")).ToListAsync(limit);
                return [.. rows.Select(Read)];
            },
            cancellationToken);

    public Task<bool> PauseAsync(RoutingScope scope, string by) => mongo.UseAsync(Collection, async (pauses, limit) =>
    {
        try
        {
            await pauses.InsertOneAsync(
                new BsonDocument
                {
                    { "source", scope.Source, scope.Source is not null }, { "merchantId", scope.MerchantId ?? "" },
                    { "since", BsonFields.Date(clock.GetUtcNow()) }, { "by", by }, { Current, true },
                },
                null, limit);
            return true;
        }
        catch (MongoWriteException there) when (MongoFault.IsDuplicateKey(there))
        {
            return false;
        }
    });

    public Task<bool> ResumeAsync(RoutingScope scope) => mongo.UseAsync(Collection, async (pauses, limit) =>
    {
        var now = clock.GetUtcNow();
        await pauses.DeleteManyAsync(
            new BsonDocument("resumedAt", Op("$lte", BsonFields.Date(now - RoutingPause.Kept))), limit);
        var resumed = await pauses.UpdateOneAsync(
            new BsonDocument
            {
                { "source", scope.Source is { } source ? source : Exists(false) }, { "merchantId", scope.MerchantId ?? "" },
                { Current, true },
            },
            new BsonDocument
            {
                { "$set", new BsonDocument("resumedAt", BsonFields.Date(now)) }, { "$unset", new BsonDocument(Current, "") },
            },
            null, limit);
        return resumed.ModifiedCount == 1;
    });

    private static RoutingPause Read(BsonDocument row) => new(
        new RoutingScope(
            BsonFields.Text(row, "source"), BsonFields.Text(row, "merchantId") is { Length: > 0 } merchant ? merchant : null),
        BsonFields.Time(row, "since") ?? DateTimeOffset.UnixEpoch, BsonFields.Text(row, "by") ?? "",
        BsonFields.Time(row, "resumedAt"));
}
