using Gateway.EventsGateway.Events;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories;

/// <summary>How a group becomes rows: one unordered bulk for what is new, one write for each key that was there.</summary>
internal sealed class EventIntakeMongo(LegacyAdoptionMongo legacy)
{
    private const int RepeatsAtOnce = 16;

    // A row has 16 MiB, and a message may be larger.
    private const int LongestBody = 15 << 20;

    private enum Shape
    {
        Whole,
        Bare,
        Parked,
    }

    public async Task<IReadOnlyList<AddedEvent>> AddAsync(
        IMongoCollection<BsonDocument> events, IReadOnlyList<AcceptedEvent> group, long now, CancellationToken limit)
    {
        var answers = new AddedEvent[group.Count];
        var keys = Enumerable.Range(0, group.Count).GroupBy(i => group[i].Key).Select(same => same.ToArray()).ToList();
        AcceptedEvent[] firsts = [.. keys.Select(same => group[same[0]])];
        var results = await legacy.AdoptAsync(events, firsts, now, limit);
        await InsertAsync(events, firsts, results, now, limit);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, keys.Count).Where(k => results[k] is null || keys[k].Length > 1),
            new ParallelOptions { MaxDegreeOfParallelism = RepeatsAtOnce, CancellationToken = limit },
            async (k, stop) =>
            {
                var repeats = results[k] is null ? keys[k] : keys[k][1..];
                var told = await RepeatAsync(events, [.. repeats.Select(i => group[i])], now, stop);
                for (var i = 0; i < repeats.Length; i++) answers[repeats[i]] = told[i];
            });
        for (var k = 0; k < keys.Count; k++)
        {
            if (results[k] is { } result) answers[keys[k][0]] = new AddedEvent(result, BodyDiffers: false);
        }

        return answers;
    }

    /// <summary>Whole, then without what nobody needs, then as a row that only keeps the bytes. What stays null was there.</summary>
    private static async Task InsertAsync(
        IMongoCollection<BsonDocument> events, AcceptedEvent[] firsts, AddResult?[] results, long now, CancellationToken limit)
    {
        var left = Enumerable.Range(0, firsts.Length).Where(k => results[k] is null).ToList();
        var reasons = new string?[firsts.Length];
        foreach (var shape in Enum.GetValues<Shape>())
        {
            if (left.Count == 0) return;
            var written = await BulkInsertMongo.TryAsync(events, [.. left.Select(k => Row(firsts[k], shape, reasons[k], now))], limit);
            for (var i = 0; i < left.Count; i++)
            {
                // Bytes that were parked before are as good as added.
                if (written[i].IsInserted || (written[i].WasThere && shape == Shape.Parked)) results[left[i]] = AddResult.Added;
                reasons[left[i]] = written[i].Refusal;
            }

            left = [.. left.Where(k => reasons[k] is not null)];
        }

        if (left.Count > 0) throw MongoFault.Because($"it refuses even the bytes of event {firsts[left[0]].Key}: {reasons[left[0]]}");
    }

    private static async Task<IReadOnlyList<AddedEvent>> RepeatAsync(
        IMongoCollection<BsonDocument> events, AcceptedEvent[] repeats, long now, CancellationToken limit)
    {
        var before = await events.FindOneAndUpdateAsync(
            EventStatementsMongo.Of(repeats[0].Key),
            EventStatementsMongo.Repeated(repeats.Select(e => e.AcceptId), now),
            new FindOneAndUpdateOptions<BsonDocument>
            {
                ReturnDocument = ReturnDocument.Before,
                Projection = EventStatementsMongo.Ascending("status", "outcome", "acceptIds", "body"),
            },
            limit);
        // Somebody removed the row, or an index that is not ours refused the new one.
        if (before is null) throw MongoFault.Because($"event {repeats[0].Key} is refused as a duplicate, but its row cannot be found");
        var known = EventRowMongo.Items(before, "acceptIds").ToHashSet();
        var canRevive = EventStatementsMongo.IsRevivable(before);
        var body = before.GetValue("body", BsonNull.Value) as BsonBinaryData;
        return [.. repeats.Select(Tell)];

        AddedEvent Tell(AcceptedEvent e)
        {
            var revives = known.Add(EventRowMongo.Id(e.AcceptId)) && canRevive;
            if (revives) canRevive = false;
            return new AddedEvent(revives ? AddResult.Revived : AddResult.Duplicate, body is not null && !body.Bytes.AsSpan().SequenceEqual(e.Body));
        }
    }

    private static BsonDocument Row(AcceptedEvent e, Shape shape, string? reason, long now) => EventRowMongo.New(
        shape switch
        {
            Shape.Whole => e,
            Shape.Bare => e with { Headers = null, Traceparent = null },
            _ => Parked(e, reason!, now),
        },
        now);

    private static AcceptedEvent Parked(AcceptedEvent e, string reason, long now)
    {
        var cut = e.Body.Length > LongestBody ? $"; of its {e.Body.Length} bytes the first {LongestBody} are kept" : "";
        var defect = new Defect(EventOutcome.Unstorable, $"event {e.Key}: {reason}{cut}");
        var parked = AcceptedEvent.Parked(e.Body, defect, DateTimeOffset.FromUnixTimeMilliseconds(now));
        return cut.Length == 0 ? parked : parked with { Body = e.Body[..LongestBody] };
    }
}
