using Gateway.EventsGateway.Entities;
using Gateway.Shared.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class ShipmentRepositorySqlite(SqliteDatabase database, ILogger<ShipmentRepositorySqlite> log)
    : IShipmentRepository
{
    // SQLite's min(a, b) is null where one of the two is null. A shipment without an end takes the end of the event.
    private const string EarlierEnd = "coalesce(min(\"end\", excluded.\"end\"), \"end\", excluded.\"end\")";

    private const string Columns = "shipmentId, merchantId, status, lastEventAt, \"end\"";

    private static readonly string ApplyEvent = $"""
        INSERT INTO shipments (shipmentId, merchantId, lastEventAt, "end", status, createdAt, updatedAt)
        VALUES (@shipmentId, @merchantId, @occurredAt, @end, {Status("@end")}, @now, @now)
        ON CONFLICT (shipmentId) DO UPDATE SET
            merchantId = CASE merchantId WHEN '' THEN excluded.merchantId ELSE merchantId END,
            lastEventAt = max(lastEventAt, excluded.lastEventAt),
            "end" = {EarlierEnd},
            status = {Status(EarlierEnd)},
            updatedAt = excluded.updatedAt
        RETURNING {Columns}
        """;

    public async Task<IReadOnlyList<ShipmentEntity>> ApplyAsync(IReadOnlyList<EventEntity> events)
    {
        var shipments = await database.WriteAsync<ShipmentEntity[]>(write =>
        {
            var now = database.Clock.GetUtcNow().ToUnixTimeMilliseconds();
            var isAnyPurged = Tombstones.Any(write);
            // The event was erased while its attempt was running: nothing about it is written.
            return [.. events.Select(e
                => isAnyPurged && Tombstones.Has(write, e.Key) ? ShipmentEntity.Of(e) : ApplyOne(write, e, now))];
        });
        for (var i = 0; i < shipments.Length; i++) EventsGatewayLog.ForeignMerchant(log, events[i], shipments[i]);
        return shipments;
    }

    public async Task<ShipmentEntity?> FindAsync(string shipmentId, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            read => read.Query($"SELECT {Columns} FROM shipments WHERE shipmentId = @id", Read, ("@id", shipmentId)),
            cancellationToken);
        return rows.SingleOrDefault();
    }

    private static ShipmentEntity ApplyOne(SqliteSession write, EventEntity e, long now)
        => write.Query(
            ApplyEvent, Read,
            ("@shipmentId", e.ShipmentId), ("@merchantId", e.MerchantId),
            ("@occurredAt", e.OccurredAt.ToUnixTimeMilliseconds()), ("@end", ShipmentEntity.EndOf(e)), ("@now", now)).Single();

    // The rank of the event type is at a fixed position: it follows occurredAt, which always has 24 characters.
    private static string Status(string end)
        => $"CASE substr({end}, 26, 1) WHEN '3' THEN 'COMPLETED' WHEN '4' THEN 'CANCELLED' ELSE 'ACTIVE' END";

    private static ShipmentEntity Read(SqliteRow row) => new()
    {
        ShipmentId = row.Text("shipmentId"),
        MerchantId = row.Text("merchantId"),
        Status = ShipmentStatusText.Parse(row.Text("status"))!.Value,
        LastEventAt = row.Time("lastEventAt"),
        End = row.TextOrNull("end"),
    };
}
