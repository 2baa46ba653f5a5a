using Gateway.EventsGateway.Entities;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>Updates that make failed events pending again: by a replay or a resubmission.</summary>
internal static class RequeueUpdates
{
    private static readonly BsonArray NotReplayable = [.. EventOutcome.NotReplayable];

    /// <summary>By an operator: failed events, and late or dismissed ones whose content retention has not removed.</summary>
    public static BsonDocument Replayable() => Op("$or", new BsonArray
    {
        new BsonDocument { { "status", "failed" }, { "outcome", new BsonDocument("$nin", NotReplayable) } },
        new BsonDocument
        {
            { "status", "dismissed" }, { "outcome", new BsonDocument("$nin", NotReplayable) },
            { EventDocument.PurgedAt, Exists(false) },
        },
        new BsonDocument
        {
            { "status", "processed" }, { "outcome", EventOutcome.Late }, { EventDocument.PurgedAt, Exists(false) },
        },
    });

    public static bool IsReplayable(BsonDocument row)
        => BsonFields.Text(row, "status") == "failed" && !NotReplayable.Contains(row.GetValue("outcome", ""));

    public static UpdateDefinition<BsonDocument> NextGeneration(long now, long dueAt, string by)
        => Pipeline(Op("$set", new BsonDocument(
            Requeued(now, dueAt, Literal(by)).Select(field => new BsonElement(field.Name, field.Value)))));

    /// <summary>
    /// Adds the acceptances that are not known yet; the first of them requeues a failed event. It is one write, because after a
    /// crash between two writes the redelivery would count as a duplicate and the event would stay failed. A pending event keeps
    /// the earliest receipt: one process may have accepted it earlier than the one whose acceptance was stored first.
    /// </summary>
    public static UpdateDefinition<BsonDocument> Repeated(IEnumerable<Guid> acceptIds, long receivedAt, long now)
    {
        var known = IfNull("$acceptIds", new BsonArray());
        var fresh = Op("$filter", new BsonDocument
        {
            { "input", Literal(new BsonArray(acceptIds.Select(BsonFields.Id))) },
            { "as", "id" },
            { "cond", Not(Op("$in", new BsonArray { "$$id", known })) },
        });
        var isRequeued = Op("$and", new BsonArray
        {
            Op("$eq", new BsonArray { "$status", "failed" }),
            Not(Op("$in", new BsonArray { IfNull("$outcome", ""), NotReplayable })),
            Op("$gt", new BsonArray { Op("$size", fresh), 0 }),
        });
        // The first one stays: the answer of the request that created the event had its id.
        const int kept = EventEntity.AcceptancesKept;
        var all = Op("$concatArrays", new BsonArray { known, fresh });
        return Pipeline(
            Op("$set", new BsonDocument
            {
                { "isRequeued", isRequeued },
                {
                    "receivedAt",
                    Cond(
                        Op("$eq", new BsonArray { "$status", "pending" }),
                        Op("$min", new BsonArray { "$receivedAt", new BsonDateTime(receivedAt) }), "$receivedAt")
                },
                {
                    "acceptIds",
                    Op("$concatArrays", new BsonArray { Slice(all, 1), Slice(Slice(all, 1, int.MaxValue), -(kept - 1)) })
                },
            }),
            Op("$set", new BsonDocument(Requeued(now, now, "$$REMOVE").Select(
                field => new BsonElement(field.Name, Cond("$isRequeued", field.Value, $"${field.Name}"))))),
            Op("$unset", "isRequeued"));
    }

    private static BsonDocument Slice(params BsonValue[] of) => Op("$slice", new BsonArray(of));

    private static (string Name, BsonValue Value)[] Requeued(long now, long dueAt, BsonValue by) =>
    [
        ("status", "pending"), ("generation", Op("$add", new BsonArray { EventConditions.Generation, 1 })),
        ("requeuedAt", new BsonDateTime(now)),
        ("requeuedBy", by), ("dueAt", new BsonDateTime(dueAt)), ("attemptsSpent", 0), ("tries", 0), ("abandonedAttempts", 0),
        ("firstAttemptAt", "$$REMOVE"), ("firstFailedAt", "$$REMOVE"), ("processedAt", "$$REMOVE"),
        ("dismissedAt", "$$REMOVE"), ("dismissedBy", "$$REMOVE"), ("outcome", "$$REMOVE"), ("lastError", "$$REMOVE"),
    ];
}
