using Gateway.EventsGateway.Events;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.ExpressionMongo;

namespace Gateway.EventsGateway.Repositories;

/// <summary>How what has failed gets a new life: by a replay, or because it was sent again.</summary>
internal static class EventRevivalMongo
{
    // A row with a defect has nothing to live for.
    private static readonly BsonArray Defects = [EventOutcome.Unreadable, EventOutcome.Unstorable];

    public static BsonDocument Revivable() => new() { { "status", "failed" }, { "outcome", new BsonDocument("$nin", Defects) } };

    public static bool IsRevivable(BsonDocument row)
        => FieldMongo.Text(row, "status") == "failed" && !Defects.Contains(row.GetValue("outcome", ""));

    public static UpdateDefinition<BsonDocument> NewLife(long now) => new BsonDocument
    {
        {
            "$set", new BsonDocument
            {
                { "status", "pending" }, { "lifeBeganAt", new BsonDateTime(now) }, { "dueAt", new BsonDateTime(now) },
                { "attemptsSpent", 0 }, { "interruptions", 0 },
            }
        },
        { "$inc", new BsonDocument("life", 1) },
        { "$unset", new BsonDocument { { "firstAttemptAt", "" }, { "outcome", "" }, { "lastError", "" } } },
    };

    /// <summary>
    /// The acceptances that are not known yet are remembered, the last 32; the first of them revives what has failed.
    /// All in one write: a crash between would turn the next delivery into a mere repetition.
    /// </summary>
    public static UpdateDefinition<BsonDocument> Repeated(IEnumerable<Guid> acceptIds, long now)
    {
        var known = IfNull("$acceptIds", new BsonArray());
        var fresh = Op("$filter", new BsonDocument
        {
            { "input", Literal(new BsonArray(acceptIds.Select(FieldMongo.Id))) },
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
                { "acceptIds", Op("$slice", new BsonArray { Op("$concatArrays", new BsonArray { known, fresh }), -EventRowMongo.AcceptancesKept }) },
            }),
            Op("$set", new BsonDocument
            {
                { "status", Revived("pending", "$status") },
                { "life", Revived(Op("$add", new BsonArray { "$life", 1 }), "$life") },
                { "lifeBeganAt", Revived(new BsonDateTime(now), "$lifeBeganAt") },
                { "dueAt", Revived(new BsonDateTime(now), "$dueAt") },
                { "attemptsSpent", Revived(0, "$attemptsSpent") },
                { "interruptions", Revived(0, "$interruptions") },
                { "firstAttemptAt", Revived("$$REMOVE", "$firstAttemptAt") },
                { "outcome", Revived("$$REMOVE", "$outcome") },
                { "lastError", Revived("$$REMOVE", "$lastError") },
            }),
            Op("$unset", "revives"));
    }

    private static BsonDocument Revived(BsonValue then, BsonValue otherwise) => Cond("$revives", then, otherwise);
}
