using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>
/// A message may be about an event whose row the original has written already: that row becomes ours, in one
/// conditional write. Two rows can never both take effect, for only one of them can get the key.
/// </summary>
internal sealed class LegacyAdoption(bool always)
{
    private bool? _isNeeded;

    /// <summary>Per event: the result where a row was adopted, or null. Where there was never an original it asks nothing.</summary>
    public async Task<AddResult?[]> AdoptAsync(
        IMongoCollection<BsonDocument> events, IReadOnlyList<AcceptedEvent> arrived, long now, CancellationToken limit)
    {
        var adopted = new AddResult?[arrived.Count];
        _isNeeded ??= always || await AnyAsync(events, limit);
        if (_isNeeded == false) return adopted;
        var ids = new BsonDocument("eventId", new BsonDocument("$in", new BsonArray(arrived.Select(e => e.Key.EventId).Distinct())));
        var found = await events.Find(ids.AddRange(EventFilterQuery.IsLegacy)).Project(Ascending("eventId", "shipmentId", "status")).ToListAsync(limit);
        var rows = found.ToLookup(row => (BsonFields.Text(row, "eventId"), BsonFields.Text(row, "shipmentId")));
        for (var i = 0; i < arrived.Count; i++)
        {
            if (arrived[i] is { Defect: null } e && rows[(e.Key.EventId, e.ShipmentId)].Any()) adopted[i] = await AdoptAsync(events, e, now, limit);
        }

        return adopted;
    }

    private static async Task<bool> AnyAsync(IMongoCollection<BsonDocument> events, CancellationToken limit)
        => await events.Find(EventFilterQuery.IsLegacy).Limit(1).Project(Ascending("_id")).AnyAsync(limit);

    private static async Task<AddResult?> AdoptAsync(
        IMongoCollection<BsonDocument> events, AcceptedEvent e, long now, CancellationToken limit)
    {
        while (true)
        {
            // Of several, the one that took effect; the original wrote twins where it had no unique index (R5).
            var same = new BsonDocument { { "eventId", e.Key.EventId }, { "shipmentId", e.ShipmentId } }.AddRange(EventFilterQuery.IsLegacy);
            var row = await events.Find(same).Sort(new BsonDocument("status", -1)).Limit(1).Project(Ascending("status")).FirstOrDefaultAsync(limit);
            if (row is null) return null;
            var isDone = BsonFields.Text(row, "status") == "processed";
            // Conditional on the status that was seen: the original may be about to say that it is done.
            var asSeen = new BsonDocument { { "_id", row["_id"] }, { "status", row.GetValue("status", BsonNull.Value) } }.AddRange(EventFilterQuery.IsLegacy);
            try
            {
                var answer = await events.UpdateOneAsync(asSeen, isDone ? Named(e, now) : Filled(e, now), null, limit);
                if (answer.MatchedCount == 1) return isDone ? AddResult.Duplicate : AddResult.Added;
            }
            catch (MongoWriteException taken) when (MongoFault.IsDuplicateKey(taken))
            {
                // The event has a row of ours already; that one counts, and this one stays legacy.
                return null;
            }
        }
    }

    private static UpdateDefinition<BsonDocument> Filled(AcceptedEvent e, long now)
    {
        var row = EventDocument.New(e, now);
        row.Remove("createdAt");
        return new BsonDocument { { "$set", row }, { "$unset", new BsonDocument("processedAt", "") } };
    }

    private static UpdateDefinition<BsonDocument> Named(AcceptedEvent e, long now)
    {
        var row = EventDocument.New(e, now);
        foreach (var field in new[] { "createdAt", "type", "status", "dueAt", "body", "headers", "traceparent" }) row.Remove(field);
        return new BsonDocument("$set", row);
    }
}
