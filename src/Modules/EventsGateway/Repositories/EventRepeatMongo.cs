using Gateway.EventsGateway.Queue;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.EventStatementsMongo;
using static Gateway.EventsGateway.Repositories.ExpressionMongo;

namespace Gateway.EventsGateway.Repositories;

/// <summary>What comes again: remembered, and reviving what has failed.</summary>
internal static class EventRepeatMongo
{
    /// <summary>All acceptances of one key in one write; each is told what it would have been told alone.</summary>
    public static async Task<IReadOnlyList<AddedEvent>> RepeatAsync(
        IMongoCollection<BsonDocument> events, AcceptedEvent[] repeats, long now, CancellationToken limit)
    {
        var before = await events.FindOneAndUpdateAsync(
            Of(repeats[0].Key),
            Update(repeats.Select(e => e.AcceptId), now),
            new FindOneAndUpdateOptions<BsonDocument>
            {
                ReturnDocument = ReturnDocument.Before,
                Projection = Ascending("status", "outcome", "acceptIds", "body"),
            },
            limit);
        // Somebody removed the row, or an index that is not ours refused the new one.
        if (before is null) throw MongoFault.Because($"event {repeats[0].Key} is refused as a duplicate, but its row cannot be found");
        var known = FieldMongo.Items(before, "acceptIds").ToHashSet();
        var canRevive = IsRevivable(before);
        var body = before.GetValue("body", BsonNull.Value) as BsonBinaryData;
        return [.. repeats.Select(Tell)];

        AddedEvent Tell(AcceptedEvent e)
        {
            var revives = known.Add(FieldMongo.Id(e.AcceptId)) && canRevive;
            if (revives) canRevive = false;
            return new AddedEvent(revives ? AddResult.Revived : AddResult.Duplicate, body is not null && !body.Bytes.AsSpan().SequenceEqual(e.Body));
        }
    }

    /// <summary>
    /// The acceptances that are not known yet are remembered, the last 32; the first of them revives what has failed.
    /// All in one write: a crash between would turn the next delivery into a mere repetition.
    /// </summary>
    private static UpdateDefinition<BsonDocument> Update(IEnumerable<Guid> acceptIds, long now)
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
