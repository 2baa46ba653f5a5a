using Gateway.EventsGateway.Entities;
using Gateway.Shared.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>Reads, computes and writes inside one transaction of the only writer.</summary>
internal sealed class ShipmentRepositorySqlite(SqliteDatabase database, ILogger<ShipmentRepositorySqlite> log)
    : IShipmentRepository
{
    private const string FindRow = """
        SELECT shippingCompanyId, shipmentId, merchantId, status, lastEventAt, "end", endReceivedAt, cycle, since, createdAt
        FROM shipments WHERE shipmentId = @shipment AND shippingCompanyId = @company
        """;

    private const string Write = """
        INSERT OR REPLACE INTO shipments (shippingCompanyId, shipmentId, merchantId, status, lastEventAt, "end", endReceivedAt,
            cycle, since, createdAt, updatedAt)
        VALUES (@company, @shipment, @merchant, @status, @lastEventAt, @end, @endReceivedAt, @cycle, @since, @createdAt, @now)
        """;

    private const string Remove = "DELETE FROM shipments WHERE shipmentId = @shipment AND shippingCompanyId = @company";

    private long Now => database.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<IReadOnlyList<ShipmentEntity>> ApplyAsync(IReadOnlyList<EventEntity> events, TimeSpan newCycleAfter)
    {
        var shipments = await database.WriteAsync<ShipmentEntity[]>(write =>
        {
            var isAnyPurged = Tombstones.Any(write);
            // Erased while it was in work: nothing is written about it.
            return [.. events.Select(e => isAnyPurged && Tombstones.Has(write, e.Key)
                ? ShipmentEntity.Of(e) : Apply(write, e, newCycleAfter))];
        });
        for (var i = 0; i < shipments.Length; i++) EventsGatewayLog.ForeignMerchant(log, events[i], shipments[i]);
        return shipments;
    }

    public Task<ShipmentEntity?> FindAsync(ShipmentKey key, CancellationToken cancellationToken)
        => database.ReadAsync(read => Find(read, key), cancellationToken);

    public Task<ShipmentEntity?> ReopenAsync(ShipmentKey key)
        => database.WriteAsync(write =>
        {
            var reopened = Find(write, key)?.Reopened(EventRow.Time(Now));
            if (reopened is not null) Save(write, reopened);
            return reopened;
        });

    private ShipmentEntity Apply(SqliteSession write, EventEntity e, TimeSpan newCycleAfter)
    {
        var key = ShipmentKey.Of(e);
        var before = Find(write, key);
        if (before is null && Find(write, key with { ShippingCompanyId = "" }) is { } unknown
            && unknown.MerchantId == e.MerchantId)
        {
            // A shipment whose courier is not known belongs to the first event of its merchant.
            write.Execute(Remove, ("@shipment", unknown.Key.ShipmentId), ("@company", ""));
            before = unknown with { Key = key };
            Save(write, before);
        }

        var after = before?.After(e, newCycleAfter) ?? ShipmentEntity.Of(e);
        if (after != before) Save(write, after);
        return after;
    }

    private void Save(SqliteSession write, ShipmentEntity shipment) => write.Execute(
        Write,
        ("@company", shipment.Key.ShippingCompanyId), ("@shipment", shipment.Key.ShipmentId), ("@merchant", shipment.MerchantId),
        ("@status", shipment.Status), ("@lastEventAt", shipment.LastEventAt?.ToUnixTimeMilliseconds()), ("@end", shipment.End),
        ("@endReceivedAt", shipment.EndReceivedAt?.ToUnixTimeMilliseconds()), ("@cycle", shipment.Cycle),
        ("@since", shipment.Since?.ToUnixTimeMilliseconds()), ("@createdAt", shipment.CreatedAt?.ToUnixTimeMilliseconds() ?? 0),
        ("@now", Now));

    private static ShipmentEntity? Find(SqliteSession session, ShipmentKey key) => session.Query(
        FindRow, Read, ("@shipment", key.ShipmentId), ("@company", key.ShippingCompanyId)).SingleOrDefault();

    private static ShipmentEntity Read(SqliteRow row) => new()
    {
        Key = new ShipmentKey(row.Text("shippingCompanyId"), row.Text("shipmentId")),
        MerchantId = row.Text("merchantId"),
        Status = row.Text("status"),
        LastEventAt = row.TimeOrNull("lastEventAt"),
        End = row.TextOrNull("end"),
        EndReceivedAt = row.TimeOrNull("endReceivedAt"),
        Cycle = (int)row.Number("cycle"),
        Since = row.TimeOrNull("since"),
        // Retention leaves a 0.
        CreatedAt = row.Number("createdAt") is > 0 and var at ? EventRow.Time(at) : null,
    };
}
