using Gateway.EventsGateway.Entities;
using Gateway.Shared.Mongo;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

internal sealed class ShipmentRepositoryMongo(
    MongoConnection mongo, TimeProvider clock, ILogger<ShipmentRepositoryMongo> log) : IShipmentRepository
{
    public const string Collection = "shipments";

    /// <summary>
    /// A shipment that the NestJS original ended, without storing the end: it counts as ended before every event.
    /// </summary>
    private static readonly BsonDocument EndedBefore = Op("$and", new BsonArray
    {
        Op("$in", new BsonArray { IfNull("$status", ""), new BsonArray { "COMPLETED", "CANCELLED" } }),
        Not(IfNull("$end", false)),
    });

    // The rank of the event type is at a fixed position: it follows occurredAt, which always has 24 characters.
    private static readonly BsonDocument StatusOfEnd = Op("$set", new BsonDocument("status", Op("$switch", new BsonDocument
    {
        {
            "branches",
            new BsonArray
            {
                Ranked("3", "COMPLETED"), Ranked("4", "CANCELLED"),
                new BsonDocument { { "case", EndedBefore }, { "then", "$status" } },
            }
        },
        { "default", "ACTIVE" },
    })));

    public async Task<IReadOnlyList<ShipmentEntity>> ApplyAsync(IReadOnlyList<EventEntity> events)
    {
        var states = new ShipmentEntity[events.Count];
        foreach (var round in RoundsOf(events))
        {
            // One operation, with its own time limit, per round: a group has as many rounds as events of the same shipment.
            var found = await mongo.UseAsync(
                Collection, (shipments, limit) => ApplyAsync(shipments, [.. round.Select(i => events[i])], limit));
            // Missing when it was erased after the write: the state is that of the event alone.
            foreach (var i in round) states[i] = found.GetValueOrDefault(events[i].ShipmentId) ?? ShipmentEntity.Of(events[i]);
        }

        for (var i = 0; i < states.Length; i++) EventsGatewayLog.ForeignMerchant(log, events[i], states[i]);
        return states;
    }

    public Task<ShipmentEntity?> FindAsync(string shipmentId, CancellationToken cancellationToken)
        => mongo.UseAsync(
            Collection, async (shipments, limit) =>
                await shipments.Find(Of(shipmentId)).FirstOrDefaultAsync(limit) is { } row ? Read(row) : null,
            cancellationToken);

    private static BsonDocument Of(string shipmentId) => new("shipmentId", shipmentId);

    /// <summary>
    /// Puts two events of one shipment into different bulk writes. In one write, the decision on the first event would be taken
    /// from a state that includes the second, and an event that arrived in time would be late.
    /// </summary>
    private static IEnumerable<IGrouping<int, int>> RoundsOf(IReadOnlyList<EventEntity> events)
        => Enumerable.Range(0, events.Count).GroupBy(i => events[i].ShipmentId, StringComparer.Ordinal)
            .SelectMany(same => same.Select((i, nth) => (Index: i, Round: nth))).GroupBy(turn => turn.Round, turn => turn.Index);

    /// <summary>
    /// One bulk write, then one read. The read may see updates that other workers have made since the write. The decision is
    /// valid all the same: minimum and maximum commute, so the state is the one after their updates and then this one.
    /// </summary>
    private async Task<Dictionary<string, ShipmentEntity>> ApplyAsync(
        IMongoCollection<BsonDocument> shipments, IReadOnlyList<EventEntity> events, CancellationToken limit)
    {
        var now = BsonFields.Date(clock.GetUtcNow());
        for (var left = events; left.Count > 0; limit.ThrowIfCancellationRequested())
            left = await TryAsync(shipments, left, now, limit);
        var ids = new BsonArray(events.Select(e => e.ShipmentId));
        var rows = await shipments.Find(new BsonDocument("shipmentId", Op("$in", ids))).ToListAsync(limit);
        return rows.Select(Read).ToDictionary(state => state.ShipmentId, StringComparer.Ordinal);
    }

    /// <summary>
    /// Returns the events to apply again: their insert failed, because another worker has created the shipment meanwhile.
    /// </summary>
    private static async Task<IReadOnlyList<EventEntity>> TryAsync(
        IMongoCollection<BsonDocument> shipments, IReadOnlyList<EventEntity> events, BsonDateTime now, CancellationToken limit)
    {
        try
        {
            await shipments.BulkWriteAsync(
                events.Select(e => new UpdateOneModel<BsonDocument>(Of(e.ShipmentId), Apply(e, now)) { IsUpsert = true }),
                new BulkWriteOptions { IsOrdered = false }, limit);
            return [];
        }
        catch (MongoBulkWriteException<BsonDocument> partly)
            when (partly.WriteConcernError is null && partly.UnprocessedRequests.Count == 0)
        {
            var others = partly.WriteErrors.Where(error => !MongoFault.DuplicateKey.Contains(error.Code)).ToList();
            if (others.Any(error => !MongoFault.IsRejection(error.Code))) throw;
            // The store rejects one event. This is not an outage: the group is repeated one by one, and only this event fails.
            if (others.Count > 0)
            {
                throw new InvalidOperationException(
                    $"The store rejects the shipment update of event {events[others[0].Index].Key}: {others[0].Message}", partly);
            }

            return [.. partly.WriteErrors.Select(error => events[error.Index])];
        }
    }

    private static UpdateDefinition<BsonDocument> Apply(EventEntity e, BsonDateTime now)
    {
        var set = new BsonDocument
        {
            { "merchantId", IfNull("$merchantId", Literal(e.MerchantId)) },
            { "createdAt", IfNull("$createdAt", now) },
            { "updatedAt", now },
            { "lastEventAt", Op("$max", new BsonArray { "$lastEventAt", BsonFields.Date(e.OccurredAt) }) },
        };
        if (ShipmentEntity.EndOf(e) is { } end)
            set.Add("end", Cond(EndedBefore, "$$REMOVE", Op("$min", new BsonArray { "$end", Literal(end) })));
        return Pipeline(Op("$set", set), StatusOfEnd);
    }

    private static BsonDocument Ranked(string rank, string status) => new()
    {
        { "case", Op("$eq", new BsonArray { Op("$substrBytes", new BsonArray { IfNull("$end", ""), 25, 1 }), rank }) },
        { "then", status },
    };

    private static ShipmentEntity Read(BsonDocument row) => new()
    {
        ShipmentId = BsonFields.Text(row, "shipmentId") ?? "",
        MerchantId = BsonFields.Text(row, "merchantId") ?? "",
        Status = ShipmentStatusText.Parse(BsonFields.Text(row, "status")) ?? ShipmentStatus.Active,
        LastEventAt = BsonFields.Time(row, "lastEventAt") ?? BsonFields.Time(row, "updatedAt") ?? DateTimeOffset.UnixEpoch,
        End = BsonFields.Text(row, "end"),
    };
}
