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
                var rows = await ReadAsync(shipments, [.. events.Select(e => e.ShipmentId).Distinct()], limit);
                ShipmentEntity[] states = [.. events.Select(e => rows.Apply(e, newCycleAfter))];
                if (await AreWrittenAsync(shipments, rows.Changed, limit)) return states;
            }
        });
        for (var i = 0; i < states.Length; i++) EventsGatewayLog.ForeignMerchant(log, events[i], states[i]);
        return states;
    }

    public Task<ShipmentEntity?> FindAsync(ShipmentKey key, CancellationToken cancellationToken)
        => UseAsync(
            async (shipments, limit) =>
                (await ReadAsync(shipments, [key.ShipmentId], limit)).Find(key)?.State,
            cancellationToken);

    public Task<ShipmentEntity?> ReopenAsync(ShipmentKey key) => UseAsync(async (shipments, limit) =>
    {
        while (true)
        {
            limit.ThrowIfCancellationRequested();
            if ((await ReadAsync(shipments, [key.ShipmentId], limit)).Find(key) is not { } row) return null;
            row.State = row.State!.Reopened(BsonFields.Date(clock.GetUtcNow()).ToUniversalTime());
            if (await AreWrittenAsync(shipments, [row], limit)) return row.State;
        }
    });

    private async Task<ShipmentRows> ReadAsync(
        IMongoCollection<BsonDocument> shipments, IReadOnlyCollection<string> ids, CancellationToken limit)
        => new(
            // Usually one shipment for each number. MongoDB would answer 101 of them first, and the rest when asked again.
            await shipments.Find(
                new BsonDocument("shipmentId", Op("$in", new BsonArray(ids))), new FindOptions { BatchSize = ids.Count + 1 })
                .ToListAsync(limit),
            clock.GetUtcNow());

    /// <summary>False where another worker has written one of them, or created it, since it was read.</summary>
    private async Task<bool> AreWrittenAsync(
        IMongoCollection<BsonDocument> shipments, IReadOnlyList<ShipmentRow> changed, CancellationToken limit)
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

            // Otherwise the group, and with it all workers, would wait for a row that can never be written.
            await ShipmentSchema.AllowNumbersOfSeveralCouriersAsync(shipments, limit);
            return false;
        }
    }

    private Task<T> UseAsync<T>(
        Func<IMongoCollection<BsonDocument>, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default)
        => mongo.UseAsync((database, limit) => work(ShipmentDocument.In(database), limit), cancellationToken);
}
