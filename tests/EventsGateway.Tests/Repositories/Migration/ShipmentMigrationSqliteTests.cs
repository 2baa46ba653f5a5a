namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>A file made by the six scripts of the version before.</summary>
public sealed class ShipmentMigrationSqliteTests : ShipmentMigrationContract
{
    private const int ScriptsOfVersionBefore = 6;

    private readonly SqliteStore _store;

    public ShipmentMigrationSqliteTests()
        : this(new SqliteStore())
    {
    }

    private ShipmentMigrationSqliteTests(SqliteStore store)
        : base(store) => _store = store;

    private protected override Task WriteAsync(IReadOnlyList<OldShipment> shipments, IReadOnlyList<OldReceipt> events)
    {
        using var file = new OldFile(_store.FilePath, ScriptsOfVersionBefore);
        foreach (var shipment in shipments)
        {
            file.Execute(
                "INSERT INTO shipments VALUES (@id, @status, 'm-1', @at, @end, @at, @at)",
                ("@id", shipment.Id), ("@status", shipment.Status), ("@end", shipment.End),
                ("@at", Ended.ToUnixTimeMilliseconds()));
        }

        foreach (var e in events)
        {
            file.Execute(
                """
                INSERT INTO events (shippingCompanyId, eventId, merchantId, shipmentId, type, occurredAt, receivedAt, body,
                    acceptIds, status, requeuedAt)
                VALUES (@company, @event, 'm-1', @shipment, 'SHIPMENT_DELIVERED', @occurredAt, @receivedAt, x'7b7d', '[]',
                    'processed', @receivedAt)
                """,
                ("@company", e.Key.ShippingCompanyId), ("@event", e.Key.EventId), ("@shipment", e.ShipmentId),
                ("@occurredAt", Ended.ToUnixTimeMilliseconds()), ("@receivedAt", e.ReceivedAt.ToUnixTimeMilliseconds()));
        }

        return Task.CompletedTask;
    }
}
