using Gateway.EventsGateway.Entities;
using Gateway.Shared.Json;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.EventConditions;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// Events that arrive again: stores their acceptances and requeues failed events. After a worker died, RabbitMQ redelivers whole
/// groups, so one query answers all known acceptances; with a write per event a group of 128 took a third of a second.
/// </summary>
internal static class RepeatedEvents
{
    private const int RequeuesAtOnce = 16;

    private static readonly BsonDocument Needed = Ascending(
        "shippingCompanyId", "eventId", "status", "outcome", "acceptIds", "body");

    /// <summary>Handles the acceptances of one key in order, each as if it were the only one of the call.</summary>
    public static async Task<AddedEvent[][]> RepeatAsync(
        IMongoCollection<BsonDocument> events, IReadOnlyList<AcceptedEvent[]> keys, long now, CancellationToken limit)
    {
        if (keys.Count == 0) return [];
        var rows = await LookAsync(events, keys.Select(repeats => repeats[0].Key), limit);
        var answers = new AddedEvent[keys.Count][];
        var remember = new List<UpdateOneModel<BsonDocument>>();
        var requeues = new List<int>();
        for (var k = 0; k < keys.Count; k++)
        {
            var answered = rows.TryGetValue(keys[k][0].Key, out var row) ? AnswersOf(row, keys[k]) : null;
            if (answered is null || answered.Any(answer => answer.Result == AddResult.Requeued)) requeues.Add(k);
            else if (!IsKnown(row!, keys[k]))
                remember.Add(new UpdateOneModel<BsonDocument>(Of(keys[k][0].Key), Update(keys[k], now)));

            answers[k] = answered!;
        }

        if (remember.Count > 0) await events.BulkWriteAsync(remember, new BulkWriteOptions { IsOrdered = false }, limit);
        await Parallel.ForEachAsync(
            requeues, new ParallelOptions { MaxDegreeOfParallelism = RequeuesAtOnce, CancellationToken = limit },
            async (k, stop) => answers[k] = await RequeueAsync(events, keys[k], now, stop));
        return answers;
    }

    /// <summary>Reads with majority concern: a known acceptance is acknowledged without a write.</summary>
    private static async Task<Dictionary<EventKey, BsonDocument>> LookAsync(
        IMongoCollection<BsonDocument> events, IEnumerable<EventKey> keys, CancellationToken limit)
    {
        var companies = keys.GroupBy(key => key.ShippingCompanyId, key => (BsonValue)key.EventId)
            .Select(ids => new BsonDocument { { "shippingCompanyId", ids.Key }, { "eventId", Op("$in", new BsonArray(ids)) } });
        var rows = await events.WithReadConcern(ReadConcern.Majority).Find(Op("$or", new BsonArray(companies))).Project(Needed)
            .ToListAsync(limit);
        // A query that runs while others write may read a row twice. The later reading counts.
        return rows.GroupBy(EventDocument.Key).ToDictionary(same => same.Key, same => same.Last());
    }

    /// <summary>The update is atomic; the row as it was before shows what the update did.</summary>
    private static async Task<AddedEvent[]> RequeueAsync(
        IMongoCollection<BsonDocument> events, AcceptedEvent[] repeats, long now, CancellationToken limit)
    {
        var before = await events.FindOneAndUpdateAsync(
            Of(repeats[0].Key), Update(repeats, now),
            new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.Before, Projection = Needed }, limit);
        // The row was removed meanwhile, or a unique index of another application rejected the new row.
        if (before is null) throw MongoFault.Because($"event {repeats[0].Key} is a duplicate, but its row cannot be found");
        return AnswersOf(before, repeats);
    }

    private static bool IsKnown(BsonDocument row, AcceptedEvent[] repeats)
        => repeats.Select(e => BsonFields.Id(e.AcceptId)).All(BsonFields.Items(row, "acceptIds").Contains);

    private static AddedEvent[] AnswersOf(BsonDocument before, AcceptedEvent[] repeats)
    {
        var known = BsonFields.Items(before, "acceptIds").ToHashSet();
        var canReplay = RequeueUpdates.IsReplayable(before);
        // A row of the NestJS original has no body to compare.
        var body = before.GetValue("body", BsonNull.Value) as BsonBinaryData;
        return [.. repeats.Select(AnswerOf)];

        AddedEvent AnswerOf(AcceptedEvent e)
        {
            // A repeated container changes nothing: only an operator replays it.
            var requeues = known.Add(BsonFields.Id(e.AcceptId)) && canReplay && e.Defect is null;
            if (requeues) canReplay = false;
            return new AddedEvent(
                requeues ? AddResult.Requeued : AddResult.Duplicate, body is not null && !JsonHash.AreEqual(body.Bytes, e.Body));
        }
    }

    private static UpdateDefinition<BsonDocument> Update(AcceptedEvent[] repeats, long now)
        => RequeueUpdates.Repeated(
            repeats.Select(e => e.AcceptId), Math.Min(now, repeats.Min(e => e.ReceivedAt.ToUnixTimeMilliseconds())), now,
            canRequeue: repeats[0].Defect is null);
}
