using Gateway.EventsGateway.Entities;
using Gateway.Shared.Json;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>Adds a group of events: one unordered bulk for the new ones, one query for the others.</summary>
internal static class EventInserts
{
    // A BSON document holds at most 16 MiB; a RabbitMQ message may be larger.
    private const int LongestBody = 15 << 20;

    private enum Shape
    {
        Whole,
        Bare,
        Quarantined,
    }

    public static async Task<IReadOnlyList<AddedEvent>> AddAsync(
        IMongoCollection<BsonDocument> events, IReadOnlyList<AcceptedEvent> group, long now, CancellationToken limit)
    {
        var answers = new AddedEvent[group.Count];
        var keys = Enumerable.Range(0, group.Count).GroupBy(i => group[i].Key).Select(same => same.ToArray()).ToList();
        AcceptedEvent[] firsts = [.. keys.Select(same => group[same[0]])];
        var results = new AddResult?[firsts.Length];
        var quarantined = await InsertAsync(events, firsts, results, now, limit);
        for (var k = 0; k < keys.Count; k++)
        {
            if (results[k] is { } result) answers[keys[k][0]] = new AddedEvent(result, BodyDiffers: false);
            // A quarantined event that arrives again is answered here: there is no row with its key.
            foreach (var i in quarantined.Contains(k) ? keys[k][1..] : [])
                answers[i] = new AddedEvent(AddResult.Duplicate, !JsonHash.AreEqual(group[i].Body, firsts[k].Body));
        }

        var repeated = Enumerable.Range(0, keys.Count).Where(k => !quarantined.Contains(k))
            .Select(k => results[k] is null ? keys[k] : keys[k][1..]).Where(same => same.Length > 0).ToList();
        var answered = await RepeatedEvents.RepeatAsync(
            events, [.. repeated.Select(same => same.Select(i => group[i]).ToArray())], now, limit);
        foreach (var (i, answer) in repeated.Zip(answered).SelectMany(pair => pair.First.Zip(pair.Second))) answers[i] = answer;
        return answers;
    }

    /// <summary>Events that exist stay as they are.</summary>
    public static Task AddMissingAsync(
        IMongoCollection<BsonDocument> events, IEnumerable<AcceptedEvent> group, long now, CancellationToken limit)
    {
        AcceptedEvent[] firsts = [.. group.DistinctBy(e => e.Key)];
        return InsertAsync(events, firsts, new AddResult?[firsts.Length], now, limit);
    }

    /// <summary>
    /// Inserts events. An event that the store rejects is inserted without optional fields, and if it rejects that too, as a row
    /// of the bytes alone; these events are returned. A result that stays null is a duplicate.
    /// </summary>
    private static async Task<HashSet<int>> InsertAsync(
        IMongoCollection<BsonDocument> events, AcceptedEvent[] firsts, AddResult?[] results, long now, CancellationToken limit)
    {
        var left = Enumerable.Range(0, firsts.Length).ToList();
        var reasons = new string?[firsts.Length];
        HashSet<int> quarantined = [];
        foreach (var shape in Enum.GetValues<Shape>().TakeWhile(_ => left.Count > 0))
        {
            if (shape == Shape.Quarantined) quarantined.UnionWith(left);
            var written = await BulkInsert.TryAsync(events, [.. left.Select(k => Row(firsts[k], shape, reasons[k], now))], limit);
            for (var i = 0; i < left.Count; i++)
            {
                // A duplicate here: the same bytes are quarantined already.
                if (written[i].IsInserted || (written[i].IsDuplicate && shape == Shape.Quarantined))
                    results[left[i]] = AddResult.Added;

                reasons[left[i]] = written[i].Rejection;
            }

            left = [.. left.Where(k => reasons[k] is not null)];
        }

        if (left.Count > 0)
            throw MongoFault.Because($"the store rejects even the bytes of event {firsts[left[0]].Key}: {reasons[left[0]]}");

        return quarantined;
    }

    private static BsonDocument Row(AcceptedEvent e, Shape shape, string? reason, long now) => EventDocument.New(
        shape switch
        {
            Shape.Whole => e,
            Shape.Bare => e with { Headers = null, Traceparent = null, RequestId = null },
            _ => Quarantined(e, reason!, now),
        },
        now);

    private static AcceptedEvent Quarantined(AcceptedEvent e, string reason, long now)
    {
        var cut = e.Body.Length > LongestBody ? $"; of its {e.Body.Length} bytes the first {LongestBody} are kept" : "";
        var defect = new Defect(FailureReason.Unstorable, $"event {e.Key}: {reason}{cut}");
        var quarantined = AcceptedEvent.Quarantined(e.Body, defect, DateTimeOffset.FromUnixTimeMilliseconds(now));
        return cut.Length == 0 ? quarantined : quarantined with { Body = e.Body[..LongestBody] };
    }
}
