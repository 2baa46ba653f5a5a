using Gateway.EventsGateway.Entities;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>Groups failed events from the index of failed events; without reading rows, unless a source is named.</summary>
internal static class FailureGroupQuery
{
    private static readonly BsonDocument[] Grouping =
    [
        // The rows of erased events exist for ten more minutes; they cannot be replayed.
        Op("$match", new BsonDocument
        {
            { "status", "failed" }, { "shippingCompanyId", Op("$gte", "") }, { "outcome", Op("$ne", EventOutcome.Erased) },
        }),
        Op("$group", new BsonDocument
        {
            {
                "_id", new BsonDocument
                {
                    { "outcome", IfNull("$outcome", "") },
                    { "error", Cond(Op("$in",
                        new BsonArray { IfNull("$outcome", ""), new BsonArray(EventOutcome.GroupedByError) }),
                            IfNull("$lastError", BsonNull.Value), BsonNull.Value) },
                }
            },
            { "n", new BsonDocument("$sum", 1) },
            { "oldest", new BsonDocument("$min", "$receivedAt") },
            { "newest", new BsonDocument("$max", "$receivedAt") },
        }),
    ];

    private static readonly BsonDocument[] Containers =
    [
        Op("$match", new BsonDocument
        {
            { "status", "failed" }, { "shippingCompanyId", AcceptedEvent.ContainerCompany },
            { "outcome", FailureReasonText.Unmapped },
        }),
        Op("$group", new BsonDocument
        {
            { "_id", "$source" },
            { "n", new BsonDocument("$sum", 1) },
            { "bytes", new BsonDocument("$sum", Op("$binarySize", "$body")) },
        }),
    ];

    public static async Task<IReadOnlyList<OpenContainers>> CountContainersAsync(
        IMongoCollection<BsonDocument> events, CancellationToken stop)
    {
        using var walk = await events.AggregateAsync<BsonDocument>(
            Containers, new AggregateOptions { Hint = EventSchema.FailedIndex }, stop);
        return
        [
            .. (await walk.ToListAsync(stop)).Select(row => new OpenContainers(
                BsonFields.Text(row, "_id") ?? "", row["n"].ToInt64(), row["bytes"].ToInt64())),
        ];
    }

    public static async Task<FailureGroups> GroupAsync(
        IMongoCollection<BsonDocument> events, int limit, string? source, CancellationToken stop)
    {
        BsonDocument[] stages = source is null ? Grouping
            : [Grouping[0], Op("$match", EventConditions.OfSource(source)), .. Grouping[1..]];
        using var walk = await events.AggregateAsync<BsonDocument>(
            stages, new AggregateOptions { Hint = EventSchema.FailedIndex }, stop);
        return FailureGroups.Of([.. (await walk.ToListAsync(stop)).Select(Group)], limit);
    }

    public static async Task<IReadOnlyList<EventShare>> ShareAsync(
        IMongoCollection<BsonDocument> events, EventFilterQuery filter, int newest, CancellationToken stop)
    {
        BsonDocument[] stages =
        [
            Op("$match", filter.Query), Op("$sort", EventFilterQuery.NewestFirst), Op("$limit", newest),
            Op("$group", new BsonDocument
            {
                {
                    "_id", new BsonDocument
                    {
                        { "source", IfNull("$source", CanonicalEvent.BuiltInSource) }, { "merchant", IfNull("$merchantId", "") },
                    }
                },
                { "n", new BsonDocument("$sum", 1) },
            }),
            Op("$sort", new BsonDocument { { "n", -1 }, { "_id.merchant", 1 } }),
        ];
        using var walk = await events.AggregateAsync<BsonDocument>(stages, new AggregateOptions { Hint = filter.Index }, stop);
        return
        [
            .. (await walk.ToListAsync(stop)).Select(row => new EventShare(
                BsonFields.Text(row["_id"].AsBsonDocument, "source") ?? "",
                BsonFields.Text(row["_id"].AsBsonDocument, "merchant") ?? "", row["n"].ToInt64())),
        ];
    }

    private static FailureGroup Group(BsonDocument row) => new(
        BsonFields.Text(row["_id"].AsBsonDocument, "outcome") ?? "", BsonFields.Text(row["_id"].AsBsonDocument, "error"),
            row["n"].ToInt64(),
        BsonFields.Time(row, "oldest") ?? default, BsonFields.Time(row, "newest") ?? default);
}
