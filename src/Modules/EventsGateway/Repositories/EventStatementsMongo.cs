using Gateway.EventsGateway.Events;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// The queries and updates of the work list. Each update is one conditional write: what it finds changed, it leaves
/// alone. Texts that come from outside stand behind $literal, for a pipeline would take "$where" for a field.
/// </summary>
internal static class EventStatementsMongo
{
    public static readonly BsonDocument Unclaimed = new("claim.token", Exists(false));

    // A row with a defect has nothing to live for.
    private static readonly BsonArray Defects = [EventOutcome.Unreadable, EventOutcome.Unstorable];

    public static BsonDocument Of(EventKey key) => new() { { "shippingCompanyId", key.ShippingCompanyId }, { "eventId", key.EventId } };

    public static BsonDocument In(IEnumerable<BsonValue> ids) => new("_id", new BsonDocument("$in", new BsonArray(ids)));

    public static BsonDocument Due(long now) => new BsonDocument("status", "pending").AddRange(Until(now)).AddRange(Unclaimed);

    public static BsonDocument RanOut(long now) => Until(now).Add("claim.token", Exists(true));

    public static BsonDocument Older(long bornBefore)
        => new BsonDocument { { "status", "pending" }, { "lifeBeganAt", AtMost(bornBefore) }, { "dueAt", Exists(true) } }.AddRange(Unclaimed);

    public static BsonDocument Revivable() => new() { { "status", "failed" }, { "outcome", new BsonDocument("$nin", Defects) } };

    /// <summary>One query per order; its index keeps what is waiting out of the way.</summary>
    public static (BsonDocument Query, BsonDocument Sort, string Index) Claimable(ClaimOrder order, long now) => order switch
    {
        ClaimOrder.Oldest => (Due(now).Add("interruptions", new BsonDocument("$lt", 5)), Ascending("dueAt"), EventSchemaMongo.DueIndex),
        ClaimOrder.FewestAttempts
            => (Due(now).Add("interruptions", new BsonDocument("$lt", 5)), Ascending("attemptsSpent", "dueAt"), EventSchemaMongo.ProbeIndex),
        ClaimOrder.Alone => (Due(now).Add("interruptions", new BsonDocument("$gte", 5)), Ascending("dueAt"), EventSchemaMongo.AloneIndex),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, null),
    };

    public static BsonDocument Ascending(params string[] fields) => new(fields.ToDictionary(field => field, _ => (object)1));

    public static UpdateDefinition<BsonDocument> Claim(Guid token, long now, long until) => new BsonDocument("$set", new BsonDocument
    {
        { "claim", new BsonDocument { { "token", EventRowMongo.Id(token) }, { "at", new BsonDateTime(now) } } },
        { "dueAt", new BsonDateTime(until) },
    });

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
            { "input", Literal(new BsonArray(acceptIds.Select(EventRowMongo.Id))) },
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

    public static bool IsRevivable(BsonDocument row)
        => EventRowMongo.Text(row, "status") == "failed" && !Defects.Contains(row.GetValue("outcome", ""));

    public static BsonDocument Op(string name, BsonValue argument) => new(name, argument);

    public static BsonDocument Literal(BsonValue value) => Op("$literal", value);

    public static BsonDocument IfNull(BsonValue value, BsonValue otherwise) => Op("$ifNull", new BsonArray { value, otherwise });

    public static BsonDocument Cond(BsonValue condition, BsonValue then, BsonValue otherwise) => Op("$cond", new BsonArray { condition, then, otherwise });

    public static BsonDocument Not(BsonValue condition) => Op("$not", new BsonArray { condition });

    public static BsonDocument Exists(bool isThere) => Op("$exists", isThere);

    public static UpdateDefinition<BsonDocument> Pipeline(params BsonDocument[] stages)
        => new PipelineUpdateDefinition<BsonDocument>(PipelineDefinition<BsonDocument, BsonDocument>.Create(stages));

    /// <summary>The last 50 with one more at the end.</summary>
    public static BsonDocument WithAttempt(BsonValue attempt) => Op("$slice", new BsonArray
    {
        Op("$concatArrays", new BsonArray { IfNull("$attempts", new BsonArray()), new BsonArray { attempt } }), -EventRowMongo.AttemptsKept,
    });

    /// <summary>As a whole: merged into what is there, the lease of an earlier life would stay.</summary>
    public static BsonDocument EffectsDue(long now)
        => Op("$mergeObjects", new BsonArray { new BsonDocument { { "life", "$life" }, { "at", new BsonDateTime(now) }, { "copied", false } } });

    private static BsonDocument Until(long now) => new("dueAt", AtMost(now));

    private static BsonDocument AtMost(long moment) => Op("$lte", new BsonDateTime(moment));

    private static BsonDocument Revived(BsonValue then, BsonValue otherwise) => Cond("$revives", then, otherwise);
}
