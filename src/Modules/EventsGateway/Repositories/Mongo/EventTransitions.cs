using Gateway.EventsGateway.Entities;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.EventConditions;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// The updates that end a claim or a generation. Each row is marked with the id of the call, which then reads what it changed.
/// </summary>
internal static class EventTransitions
{
    public const string WrittenBy = "savedBy";

    /// <summary>A row of an earlier version has no tries.</summary>
    private static readonly BsonDocument Tries = Op("$max", new BsonArray { "$tries", "$attemptsSpent" });

    private static readonly BsonDocument AbandonedAttempt = new()
    {
        { "generation", "$generation" },
        { "number", Op("$add", new BsonArray { Tries, 1 }) },
        { "startedAt", "$claim.at" },
        { "result", AttemptResult.Abandoned },
    };

    public static BsonDocument Held(AttemptOutcome outcome) => Of(outcome.Key).Add("claim.token", BsonFields.Id(outcome.Token));

    /// <summary>Adds the payload with the first saved outcome; a payload that the row already has stays.</summary>
    public static UpdateDefinition<BsonDocument> Save(AttemptOutcome outcome, PayloadProjection payload, Guid call, long now)
    {
        var set = new BsonDocument { { "status", outcome.Status.Text() }, { WrittenBy, BsonFields.Id(call) } };
        var unset = new BsonArray { "claim" };
        Put("processedAt", outcome.Status == EventStatus.Processed ? new BsonDateTime(now) : null);
        Put("outcome", Text(outcome.Outcome));
        Put("routeId", Text(outcome.RouteId));
        Put("dueAt", outcome.Status == EventStatus.Pending ? After(now, outcome.Wait) : null);
        if (!outcome.LeavesEventAsItWas)
        {
            Put("lastError", Text(outcome.Error));
            set.Add("abandonedAttempts", 0);
            Show(payload, set);
        }

        if (outcome.Status == EventStatus.Failed) set.Add("effectsDue", EffectsDue(now));
        if (outcome.Record is { } record)
            set.Add("attempts", WithAttempt(Literal(EventDocument.Attempt(record)), outcome.ReplacesLast));
        if (outcome.IsCounted) set.Add("attemptsSpent", Op("$add", new BsonArray { "$attemptsSpent", 1 }));
        if (outcome.IsCall)
        {
            set.Add("tries", Op("$add", new BsonArray { Tries, 1 }));
            set.Add("firstAttemptAt", IfNull("$firstAttemptAt", BsonFields.Date(outcome.Record!.StartedAt)));
        }

        if (outcome.IsFailedCall) set.Add("firstFailedAt", IfNull("$firstFailedAt", new BsonDateTime(now)));
        return Pipeline(Op("$set", set), Op("$unset", unset));

        void Put(string field, BsonValue? value)
        {
            if (value is null) unset.Add(field);
            else set.Add(field, value);
        }
    }

    public static UpdateDefinition<BsonDocument> Expire(ExpiredClaim expired, Guid call, long now)
    {
        var set = new BsonDocument
        {
            { "attempts", WithAttempt(AbandonedAttempt) },
            { "abandonedAttempts", expired.AbandonedAttempts },
            { "status", expired.Status.Text() },
            { WrittenBy, BsonFields.Id(call) },
        };
        var unset = new BsonArray { "claim" };
        if (expired.Wait is { } wait) set.Add("dueAt", After(now, wait));
        else unset.Add("dueAt");
        if (expired.Reason is { } reason)
        {
            set.Add("outcome", reason.Text());
            set.Add("lastError", Literal(expired.Error));
            set.Add("effectsDue", EffectsDue(now));
        }

        return Pipeline(Op("$set", set), Op("$unset", unset));
    }

    public static UpdateDefinition<BsonDocument> FailOverdue(string error, Guid call, long now)
    {
        var before = Cond(
            IfNull("$lastError", false), Op("$concat", new BsonArray { Literal(OverdueError.LastError), "$lastError" }), "");
        return Pipeline(
            Op("$set", new BsonDocument
            {
                { "status", EventStatus.Failed.Text() },
                { "outcome", FailureReason.DeadlineExceeded.Text() },
                { "lastError", Op("$concat", new BsonArray { Literal(error), before }) },
                { "effectsDue", EffectsDue(now) },
                { WrittenBy, BsonFields.Id(call) },
            }),
            Op("$unset", "dueAt"));
    }

    private static void Show(PayloadProjection payload, BsonDocument set)
    {
        if (payload.Value is { } value) set.Add("payload", IfMissing("payload", Literal(value)));
        if (payload.IsPartial) set.Add("payloadPartial", IfMissing("payload", true, "$payloadPartial"));
    }

    private static BsonDocument IfMissing(string field, BsonValue then, BsonValue? otherwise = null)
        => Cond(Op("$eq", new BsonArray { Op("$type", $"${field}"), "missing" }), then, otherwise ?? $"${field}");

    private static BsonDateTime After(long now, TimeSpan wait) => new(now + (long)wait.TotalMilliseconds);

    private static BsonDocument? Text(string? text) => text is null ? null : Literal(text);
}
