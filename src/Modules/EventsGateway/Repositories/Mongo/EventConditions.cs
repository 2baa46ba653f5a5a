using Gateway.EventsGateway.Entities;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// The queries and updates of the work list. Each update is one conditional write: what it finds changed, it leaves
/// alone. Texts that come from outside stand behind $literal, for a pipeline would take "$where" for a field.
/// </summary>
internal static class EventConditions
{
    public static readonly BsonDocument Unclaimed = new("claim.token", Exists(false));

    public static BsonDocument Of(EventKey key) => new() { { "shippingCompanyId", key.ShippingCompanyId }, { "eventId", key.EventId } };

    public static BsonDocument Due(long now) => new BsonDocument("status", "pending").AddRange(Until(now)).AddRange(Unclaimed);

    public static BsonDocument RanOut(long now) => Until(now).Add("claim.token", Exists(true));

    public static BsonDocument Older(long bornBefore)
        => new BsonDocument { { "status", "pending" }, { "requeuedAt", AtMost(bornBefore) }, { "dueAt", Exists(true) } }.AddRange(Unclaimed);

    /// <summary>One query per order; its index keeps what is waiting out of the way.</summary>
    public static (BsonDocument Query, BsonDocument Sort, string Index) Claimable(ClaimOrder order, long now) => order switch
    {
        ClaimOrder.Oldest => (Due(now).Add("abandonedAttempts", new BsonDocument("$lt", CrashLoop.IsolatedFrom)), Ascending("dueAt"), EventSchema.DueIndex),
        ClaimOrder.Newest
            => (Due(now).Add("abandonedAttempts", new BsonDocument("$lt", CrashLoop.IsolatedFrom)), new BsonDocument("receivedAt", -1), EventSchema.StatusIndex),
        ClaimOrder.Isolated => (Due(now).Add("abandonedAttempts", new BsonDocument("$gte", CrashLoop.IsolatedFrom)), Ascending("dueAt"), EventSchema.IsolatedIndex),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, null),
    };

    public static UpdateDefinition<BsonDocument> Claim(Guid token, long now, long until) => new BsonDocument("$set", new BsonDocument
    {
        { "claim", new BsonDocument { { "token", BsonFields.Id(token) }, { "at", new BsonDateTime(now) } } },
        { "dueAt", new BsonDateTime(until) },
    });

    /// <summary>The last 50 with one more at the end, or with another one there.</summary>
    public static BsonDocument WithAttempt(BsonValue attempt, bool replacesLast = false) => Op("$slice", new BsonArray
    {
        Op("$concatArrays", new BsonArray { replacesLast ? AllButTheLast : IfNull("$attempts", new BsonArray()), new BsonArray { attempt } }),
        -EventDocument.AttemptsKept,
    });

    /// <summary>As a whole: merged into what is there, the lease of an earlier life would stay.</summary>
    public static BsonDocument EffectsDue(long now)
        => Op("$mergeObjects", new BsonArray { new BsonDocument { { "generation", "$generation" }, { "at", new BsonDateTime(now) }, { "copied", false } } });

    // A $slice of none is refused.
    private static BsonDocument AllButTheLast => Cond(
        Op("$gt", new BsonArray { Op("$size", "$attempts"), 1 }),
        Op("$slice", new BsonArray { "$attempts", Op("$subtract", new BsonArray { Op("$size", "$attempts"), 1 }) }), new BsonArray());

    private static BsonDocument Until(long now) => new("dueAt", AtMost(now));

    private static BsonDocument AtMost(long moment) => Op("$lte", new BsonDateTime(moment));
}
