using Gateway.EventsGateway.Entities;
using Gateway.Shared.Mongo;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// Reads the shipments of a group, computes their states, and writes those that have changed, each only where it is as it was
/// read. Where another worker was faster, all is computed again: an event that was applied changes nothing the second time.
/// </summary>
internal sealed class ShipmentRepositoryMongo(
    MongoConnection mongo, TimeProvider clock, ILogger<ShipmentRepositoryMongo> log) : IShipmentRepository
{
    public async Task<IReadOnlyList<ShipmentEntity>> ApplyAsync(IReadOnlyList<EventEntity> events, TimeSpan newCycleAfter)
    {
        if (events.Count == 0) return [];
        var states = await UseAsync(async (shipments, limit) =>
        {
            while (true)
            {
                limit.ThrowIfCancellationRequested();
                var rows = await FindAsync(shipments, events.Select(e => e.ShipmentId).Distinct(), limit);
                ShipmentEntity[] states = [.. events.Select(e => ApplyTo(rows, e, newCycleAfter))];
                if (await AreWrittenAsync(shipments, [.. rows.Values.Where(row => row.HasChanged)], limit)) return states;
            }
        });
        for (var i = 0; i < states.Length; i++) EventsGatewayLog.ForeignMerchant(log, events[i], states[i]);
        return states;
    }

    public Task<ShipmentEntity?> FindAsync(ShipmentKey key, CancellationToken cancellationToken)
        => UseAsync(
            async (shipments, limit) =>
                (await FindAsync(shipments, [key.ShipmentId], limit)).TryGetValue(key, out var row) ? row.State : null,
            cancellationToken);

    public Task<ShipmentEntity?> ReopenAsync(ShipmentKey key) => UseAsync(async (shipments, limit) =>
    {
        while (true)
        {
            limit.ThrowIfCancellationRequested();
            if (!(await FindAsync(shipments, [key.ShipmentId], limit)).TryGetValue(key, out var row)) return null;
            row.State = row.State!.Reopened(BsonFields.Date(clock.GetUtcNow()).ToUniversalTime());
            if (await AreWrittenAsync(shipments, [row], limit)) return row.State;
        }
    });

    private async Task<Dictionary<ShipmentKey, Row>> FindAsync(
        IMongoCollection<BsonDocument> shipments, IEnumerable<string> ids, CancellationToken limit)
    {
        var found = await shipments.Find(new BsonDocument("shipmentId", Op("$in", new BsonArray(ids)))).ToListAsync(limit);
        var now = clock.GetUtcNow();
        return found.Select(read => new Row { Read = read, State = ShipmentDocument.Read(read, now) })
            .ToDictionary(row => row.State!.Key);
    }

    private static ShipmentEntity ApplyTo(Dictionary<ShipmentKey, Row> rows, EventEntity e, TimeSpan newCycleAfter)
    {
        var key = ShipmentKey.Of(e);
        if (!rows.TryGetValue(key, out var row)) rows.Add(key, row = TakeOver(rows, e) ?? new Row());
        var after = row.State?.After(e, newCycleAfter) ?? ShipmentEntity.Of(e);
        if (after != row.State) row.HasChanged = true;
        row.LastEvent = e.Key;
        return row.State = after;
    }

    /// <summary>A shipment whose courier is not known belongs to the first event of its merchant.</summary>
    private static Row? TakeOver(Dictionary<ShipmentKey, Row> rows, EventEntity e)
    {
        var key = ShipmentKey.Of(e);
        var unknown = key with { ShippingCompanyId = "" };
        if (!rows.TryGetValue(unknown, out var row) || row.State!.MerchantId != e.MerchantId) return null;
        rows.Remove(unknown);
        row.State = row.State with { Key = key };
        row.HasChanged = true;
        return row;
    }

    /// <summary>False where another worker has written one of them, or created it, since it was read.</summary>
    private async Task<bool> AreWrittenAsync(
        IMongoCollection<BsonDocument> shipments, IReadOnlyList<Row> changed, CancellationToken limit)
    {
        if (changed.Count == 0) return true;
        var now = clock.GetUtcNow();
        try
        {
            var answer = await shipments.BulkWriteAsync(
                changed.Select(row => row.WriteAt(now)), new BulkWriteOptions { IsOrdered = false }, limit);
            return answer.MatchedCount + answer.InsertedCount == changed.Count;
        }
        catch (MongoBulkWriteException<BsonDocument> partly)
            when (partly.WriteConcernError is null && partly.UnprocessedRequests.Count == 0)
        {
            var others = partly.WriteErrors.Where(error => !MongoFault.DuplicateKey.Contains(error.Code)).ToList();
            if (others.Any(error => !MongoFault.IsRejection(error.Code))) throw;
            // Not a fault of the store: the group is repeated one by one, and only this event fails.
            if (others.Count > 0)
            {
                throw new InvalidOperationException(
                    $"The store rejects the shipment update of event {changed[others[0].Index].LastEvent}: {others[0].Message}",
                    partly);
            }

            return false;
        }
    }

    private Task<T> UseAsync<T>(
        Func<IMongoCollection<BsonDocument>, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default)
        => mongo.UseAsync((database, limit) => work(ShipmentDocument.In(database), limit), cancellationToken);

    private sealed class Row
    {
        /// <summary>Null: it does not exist yet.</summary>
        public BsonDocument? Read { get; init; }

        public ShipmentEntity? State { get; set; }

        public bool HasChanged { get; set; }

        public EventKey LastEvent { get; set; }

        public WriteModel<BsonDocument> WriteAt(DateTimeOffset now) => Read is null
            ? new InsertOneModel<BsonDocument>(ShipmentDocument.New(State!, now))
            : ShipmentDocument.Update(Read, State!, now);
    }
}
