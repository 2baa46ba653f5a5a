using Gateway.EventsGateway.Entities;
using MongoDB.Bson;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// The queries and updates of the work list. Each update is conditional: it does not change a row that another call has changed.
/// Text from outside is wrapped in $literal, because a pipeline reads a text such as "$where" as a field name.
/// </summary>
internal static class EventConditions
{
    public static readonly BsonDocument Isolated = new(
        "abandonedAttempts", new BsonDocument("$gte", CrashLoopPolicy.IsolatedFrom));

    /// <summary>
    /// Also true without the field: a worker of version 0 that still runs after <see cref="FieldRenames"/> writes the old names.
    /// </summary>
    public static readonly BsonDocument NotIsolated = new(
        "abandonedAttempts", Op("$not", new BsonDocument("$gte", CrashLoopPolicy.IsolatedFrom)));

    public static readonly BsonDocument Unclaimed = new("claim.token", Exists(false));

    public static BsonDocument Of(EventKey key)
        => new() { { "shippingCompanyId", key.ShippingCompanyId }, { "eventId", key.EventId } };

    public static BsonDocument Due(long now) => new BsonDocument("status", "pending").AddRange(Until(now)).AddRange(Unclaimed);

    public static BsonDocument Expired(long now) => Until(now).Add("claim.token", Exists(true));

    public static BsonDocument Overdue(long requeuedBefore)
        => new BsonDocument
        {
            { "status", "pending" }, { "requeuedAt", AtMost(requeuedBefore) }, { "dueAt", Exists(true) },
        }.AddRange(Unclaimed);

    /// <summary>One query per order, by an index that does not contain events with a later due time.</summary>
    public static (BsonDocument Query, BsonDocument Sort, string Index) Claimable(ClaimOrder order, long now) => order switch
    {
        ClaimOrder.Oldest => (Due(now).AddRange(NotIsolated), Ascending("dueAt"), EventSchema.DueIndex),
        ClaimOrder.Random => Claimable(ClaimOrder.Oldest, now),
        ClaimOrder.Isolated => (Due(now).AddRange(Isolated), Ascending("dueAt"), EventSchema.IsolatedIndex),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, null),
    };

    /// <summary>
    /// One condition per source. A container has no merchant and is in no scope.
    /// </summary>
    public static BsonArray InScopes(IReadOnlyList<RoutingScope> scopes)
        => [.. scopes.GroupBy(scope => scope.Source, scope => scope.MerchantId).Select(of =>
        {
            var merchants = of.Contains(null) ? Op("$ne", "") : Op("$in", new BsonArray(of));
            var inScope = new BsonDocument("merchantId", merchants);
            if (of.Key is null) return inScope;
            return inScope.AddRange(OfSource(of.Key));
        })];

    public static BsonDocument OfSource(string source)
        => new("source", source == CanonicalEvent.BuiltInSource ? Exists(false) : source);

    /// <summary>The fields of a claim.</summary>
    public static BsonDocument Claimed(Guid token, long now, long until) => new()
    {
        { "claim", new BsonDocument { { "token", BsonFields.Id(token) }, { "at", new BsonDateTime(now) } } },
        { "dueAt", new BsonDateTime(until) },
    };

    /// <summary>The latest lines of the history, with one line added at the end or in place of the last one.</summary>
    public static BsonDocument WithAttempt(BsonValue attempt, bool replacesLast = false) => Op("$slice", new BsonArray
    {
        Op("$concatArrays", new BsonArray
        {
            replacesLast ? AllButTheLast : IfNull("$attempts", new BsonArray()), new BsonArray { attempt },
        }),
        -AttemptRecord.Kept,
    });

    /// <summary>The generation of a row; 1 where a worker of version 0 wrote it.</summary>
    public static BsonDocument Generation => IfNull("$generation", 1);

    /// <summary>Replaces the whole field, so that no lease of an earlier generation remains.</summary>
    public static BsonDocument EffectsDue(long now)
        => Op("$mergeObjects", new BsonArray
        {
            new BsonDocument { { "generation", Generation }, { "at", new BsonDateTime(now) }, { "copied", false } },
        });

    // MongoDB rejects a $slice of 0.
    private static BsonDocument AllButTheLast => Cond(
        Op("$gt", new BsonArray { Op("$size", "$attempts"), 1 }),
        Op("$slice", new BsonArray { "$attempts", Op("$subtract", new BsonArray { Op("$size", "$attempts"), 1 }) }),
        new BsonArray());

    private static BsonDocument Until(long now) => new("dueAt", AtMost(now));

    private static BsonDocument AtMost(long moment) => Op("$lte", new BsonDateTime(moment));
}
