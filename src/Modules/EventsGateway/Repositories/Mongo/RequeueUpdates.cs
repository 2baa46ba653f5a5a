using Gateway.EventsGateway.Entities;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>How what has failed gets a new life: by a replay, or because it was sent again.</summary>
internal static class RequeueUpdates
{
    // A row with a defect has nothing to live for.
    private static readonly BsonArray Defects = [.. EventOutcome.Defects];

    public static BsonDocument Replayable() => new() { { "status", "failed" }, { "outcome", new BsonDocument("$nin", Defects) } };

    public static bool IsRevivable(BsonDocument row)
        => BsonFields.Text(row, "status") == "failed" && !Defects.Contains(row.GetValue("outcome", ""));

    public static UpdateDefinition<BsonDocument> NextGeneration(long now, string by)
        // As a literal: a name may look like a field.
        => Pipeline(Op("$set", new BsonDocument(Born(now, Literal(by)).Select(field => new BsonElement(field.Name, field.Value)))));

    /// <summary>
    /// The acceptances that are not known yet are remembered, the last 32; the first of them revives what has failed.
    /// All in one write: a crash between would turn the next delivery into a mere repetition.
    /// </summary>
    public static UpdateDefinition<BsonDocument> Repeated(IEnumerable<Guid> acceptIds, long now)
    {
        var known = IfNull("$acceptIds", new BsonArray());
        var fresh = Op("$filter", new BsonDocument
        {
            { "input", Literal(new BsonArray(acceptIds.Select(BsonFields.Id))) },
            { "as", "id" },
            { "cond", Not(Op("$in", new BsonArray { "$$id", known })) },
        });
        var revivable = Op("$and", new BsonArray
        {
            Op("$eq", new BsonArray { "$status", "failed" }),
            Not(Op("$in", new BsonArray { IfNull("$outcome", ""), Defects })),
            Op("$gt", new BsonArray { Op("$size", fresh), 0 }),
        });
        return Pipeline(
            Op("$set", new BsonDocument
            {
                { "revives", revivable },
                { "acceptIds", Op("$slice", new BsonArray { Op("$concatArrays", new BsonArray { known, fresh }), -EventDocument.AcceptancesKept }) },
            }),
            Op("$set", new BsonDocument(Born(now, "$$REMOVE").Select(
                field => new BsonElement(field.Name, Cond("$revives", field.Value, $"${field.Name}"))))),
            Op("$unset", "revives"));
    }

    private static (string Name, BsonValue Value)[] Born(long now, BsonValue by) =>
    [
        ("status", "pending"), ("generation", Op("$add", new BsonArray { "$generation", 1 })), ("requeuedAt", new BsonDateTime(now)),
        ("requeuedBy", by), ("dueAt", new BsonDateTime(now)), ("attemptsSpent", 0), ("abandonedAttempts", 0), ("firstAttemptAt", "$$REMOVE"),
        ("outcome", "$$REMOVE"), ("lastError", "$$REMOVE"),
    ];
}
