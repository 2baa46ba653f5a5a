using Gateway.EventsGateway.Entities;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.EventConditions;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>The updates that end a claim or a life. Each is signed by its call, which tells it what it has written.</summary>
internal static class EventTransitions
{
    public const string Signature = "savedBy";

    public static BsonDocument Held(AttemptOutcome outcome) => Of(outcome.Key).Add("claim.token", BsonFields.Id(outcome.Token));

    /// <summary>The payload is shown from the first attempt on that ended; where it is there already it stays.</summary>
    public static UpdateDefinition<BsonDocument> Save(AttemptOutcome outcome, PayloadProjection payload, Guid call, long now)
    {
        var isOpen = outcome.End is AttemptOutcomeKind.Retry or AttemptOutcomeKind.Released;
        var set = new BsonDocument
        {
            { "status", isOpen ? "pending" : outcome.End == AttemptOutcomeKind.Processed ? "processed" : "failed" },
            { Signature, BsonFields.Id(call) },
        };
        var gone = new BsonArray { "claim" };
        Put("processedAt", outcome.End == AttemptOutcomeKind.Processed ? new BsonDateTime(now) : null);
        Put("outcome", Text(outcome.Outcome));
        Put("routeId", Text(outcome.RouteId));
        Put("dueAt", isOpen ? new BsonDateTime(now + (long)outcome.Wait.TotalMilliseconds) : null);
        if (outcome.End != AttemptOutcomeKind.Released)
        {
            Put("lastError", outcome.End == AttemptOutcomeKind.Processed ? null : Text(outcome.Error));
            set.Add("abandonedAttempts", 0);
            Show(payload, set);
        }

        if (outcome.End == AttemptOutcomeKind.Failed) set.Add("effectsDue", EffectsDue(now));
        if (outcome.Record is { } record) set.Add("attempts", WithAttempt(Literal(EventDocument.Attempt(record)), outcome.ReplacesLast));
        if (outcome.Spent) Spend(outcome.Record, set);
        return Pipeline(Op("$set", set), Op("$unset", gone));

        void Put(string field, BsonValue? value)
        {
            if (value is null) gone.Add(field);
            else set.Add(field, value);
        }
    }

    /// <summary>
    /// 1, 2, 4 … 60 s of rest after each interruption. From the fifth on the event is claimed alone; the tenth, the
    /// fifth while alone, ends it: twenty kills in a row fail no innocent event, for its turns come too far apart.
    /// </summary>
    public static UpdateDefinition<BsonDocument> Void(Guid call, long now)
    {
        var rest = Op("$min", new BsonArray
        {
            60_000, Op("$multiply", new BsonArray { 1000, Op("$pow", new BsonArray { 2, Op("$min", new BsonArray { "$abandonedAttempts", 6 }) }) }),
        });
        return Pipeline(
            Op("$set", new BsonDocument
            {
                { "attempts", WithAttempt(new BsonDocument
                    {
                        { "generation", "$generation" }, { "number", Op("$add", new BsonArray { "$attemptsSpent", 1 }) }, { "startedAt", "$claim.at" },
                        { "result", AttemptResult.Abandoned },
                    })
                },
                { "abandonedAttempts", Op("$add", new BsonArray { "$abandonedAttempts", 1 }) },
                { "status", IfTenth("failed", "$status") },
                { "outcome", IfTenth(EventOutcome.Poison, "$$REMOVE") },
                { "lastError", IfTenth(Literal(EventOutcome.PoisonReason), "$lastError") },
                { "effectsDue", IfTenth(EffectsDue(now), "$effectsDue") },
                { "dueAt", IfTenth("$$REMOVE", Op("$add", new BsonArray { new BsonDateTime(now), rest })) },
                { Signature, BsonFields.Id(call) },
            }),
            Op("$unset", "claim"));

        static BsonDocument IfTenth(BsonValue then, BsonValue otherwise)
            => Cond(Op("$gte", new BsonArray { "$abandonedAttempts", CrashLoop.Last - 1 }), then, otherwise);
    }

    public static UpdateDefinition<BsonDocument> FailOverdue(string error, Guid call, long now)
    {
        var before = Cond(
            IfNull("$lastError", false), Op("$concat", new BsonArray { Literal("; last error: "), "$lastError" }), "");
        return Pipeline(
            Op("$set", new BsonDocument
            {
                { "status", "failed" },
                { "outcome", EventOutcome.DeadlineExceeded },
                { "lastError", Op("$concat", new BsonArray { Literal(error), before }) },
                { "effectsDue", EffectsDue(now) },
                { Signature, BsonFields.Id(call) },
            }),
            Op("$unset", "dueAt"));
    }

    private static void Show(PayloadProjection payload, BsonDocument set)
    {
        if (payload.Value is { } value) set.Add("payload", IfMissing("payload", Literal(value)));
        if (payload.IsPartial) set.Add("payloadPartial", IfMissing("payload", true, "$payloadPartial"));
    }

    private static void Spend(AttemptRecord? record, BsonDocument set)
    {
        set.Add("attemptsSpent", Op("$add", new BsonArray { "$attemptsSpent", 1 }));
        if (record is not null) set.Add("firstAttemptAt", IfNull("$firstAttemptAt", BsonFields.Date(record.StartedAt)));
    }

    private static BsonDocument IfMissing(string field, BsonValue then, BsonValue? otherwise = null)
        => Cond(Op("$eq", new BsonArray { Op("$type", $"${field}"), "missing" }), then, otherwise ?? $"${field}");

    private static BsonDocument? Text(string? text) => text is null ? null : Literal(text);
}
