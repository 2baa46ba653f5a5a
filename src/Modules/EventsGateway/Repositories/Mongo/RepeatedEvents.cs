using Gateway.EventsGateway.Entities;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.EventConditions;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// What comes again: remembered, and reviving what has failed. A worker that died lets whole groups be delivered again,
/// so what is known costs one look for all of them; one write each would take a group of 128 a third of a second.
/// </summary>
internal static class RepeatedEvents
{
    private const int RevivalsAtOnce = 16;

    private static readonly BsonDocument Needed = Ascending("shippingCompanyId", "eventId", "status", "outcome", "acceptIds", "body");

    /// <summary>Per key all its acceptances in order; each is told what it would have been told alone.</summary>
    public static async Task<AddedEvent[][]> RepeatAsync(
        IMongoCollection<BsonDocument> events, IReadOnlyList<AcceptedEvent[]> keys, long now, CancellationToken limit)
    {
        if (keys.Count == 0) return [];
        var rows = await LookAsync(events, keys.Select(repeats => repeats[0].Key), limit);
        var answers = new AddedEvent[keys.Count][];
        var remember = new List<UpdateOneModel<BsonDocument>>();
        var alone = new List<int>();
        for (var k = 0; k < keys.Count; k++)
        {
            var told = rows.TryGetValue(keys[k][0].Key, out var row) ? Tell(row, keys[k]) : null;
            if (told is null || told.Any(answer => answer.Result == AddResult.Requeued)) alone.Add(k);
            else if (!IsKnown(row!, keys[k])) remember.Add(new UpdateOneModel<BsonDocument>(Of(keys[k][0].Key), Update(keys[k], now)));
            answers[k] = told!;
        }

        if (remember.Count > 0) await events.BulkWriteAsync(remember, new BulkWriteOptions { IsOrdered = false }, limit);
        await Parallel.ForEachAsync(
            alone, new ParallelOptions { MaxDegreeOfParallelism = RevivalsAtOnce, CancellationToken = limit },
            async (k, stop) => answers[k] = await RequeueAsync(events, keys[k], now, stop));
        return answers;
    }

    /// <summary>Only what the majority has: of what is known here nothing is written, and its message is forgotten.</summary>
    private static async Task<Dictionary<EventKey, BsonDocument>> LookAsync(
        IMongoCollection<BsonDocument> events, IEnumerable<EventKey> keys, CancellationToken limit)
    {
        var companies = keys.GroupBy(key => key.ShippingCompanyId, key => (BsonValue)key.EventId)
            .Select(ids => new BsonDocument { { "shippingCompanyId", ids.Key }, { "eventId", Op("$in", new BsonArray(ids)) } });
        var rows = await events.WithReadConcern(ReadConcern.Majority).Find(Op("$or", new BsonArray(companies))).Project(Needed).ToListAsync(limit);
        return rows.ToDictionary(EventDocument.Key);
    }

    /// <summary>The write decides; what it found says what it did.</summary>
    private static async Task<AddedEvent[]> RequeueAsync(
        IMongoCollection<BsonDocument> events, AcceptedEvent[] repeats, long now, CancellationToken limit)
    {
        var before = await events.FindOneAndUpdateAsync(
            Of(repeats[0].Key), Update(repeats, now),
            new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.Before, Projection = Needed }, limit);
        // Somebody removed the row, or an index that is not ours refused the new one.
        if (before is null) throw MongoFault.Because($"event {repeats[0].Key} is refused as a duplicate, but its row cannot be found");
        return Tell(before, repeats);
    }

    private static bool IsKnown(BsonDocument row, AcceptedEvent[] repeats)
        => repeats.Select(e => BsonFields.Id(e.AcceptId)).All(BsonFields.Items(row, "acceptIds").Contains);

    private static AddedEvent[] Tell(BsonDocument before, AcceptedEvent[] repeats)
    {
        var known = BsonFields.Items(before, "acceptIds").ToHashSet();
        var canReplay = RequeueUpdates.IsReplayable(before);
        // Of a row that the original wrote nobody knows the bytes.
        var body = before.GetValue("body", BsonNull.Value) as BsonBinaryData;
        return [.. repeats.Select(TellOne)];

        AddedEvent TellOne(AcceptedEvent e)
        {
            var revives = known.Add(BsonFields.Id(e.AcceptId)) && canReplay;
            if (revives) canReplay = false;
            return new AddedEvent(revives ? AddResult.Requeued : AddResult.Duplicate, body is not null && !body.Bytes.AsSpan().SequenceEqual(e.Body));
        }
    }

    private static UpdateDefinition<BsonDocument> Update(AcceptedEvent[] repeats, long now)
        => RequeueUpdates.Repeated(repeats.Select(e => e.AcceptId), now);
}
