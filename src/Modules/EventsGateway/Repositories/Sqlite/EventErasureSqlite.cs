using System.Text.Json;
using Gateway.Shared.Errors;
using Gateway.Shared.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class EventErasureSqlite(SqliteDatabase database, ILogger<EventErasureSqlite> log) : IEventErasure
{
    // As many as retention has in one commit with the door, doubled: somebody waits for it.
    private const int Batch = 100;

    public async Task<Erased> EraseAsync(ErasureSubject subject, int atMost)
    {
        var (column, id) = subject.ShipmentId is { } shipment ? ("shipmentId", shipment) : ("merchantId", subject.MerchantId!);
        var erased = default(Erased);
        int events;
        do
        {
            // In batches, so that the door's commits pass between them.
            var limit = Math.Min(Batch, atMost - erased.Events);
            var some = await database.WriteAsync(write => EraseSome(write, column, id, limit));
            erased = new Erased(erased.Events + some.Events, erased.Shipments + some.Shipments, 0);
            events = some.Events;
        }
        while (events > 0 && erased.Events < atMost);

        var remaining = await database.ReadAsync(
            read => read.Query($"SELECT count(*) FROM events WHERE {column} = @id", row => row.GetInt32(0), ("@id", id)).Single(),
            CancellationToken.None);
        var shipments = remaining == 0 ? await EraseShipmentsAsync(column, id) : 0;
        if (erased.Events + shipments > 0) await EmptyLogAsync();
        return new Erased(erased.Events, erased.Shipments + shipments, remaining);
    }

    private async Task EmptyLogAsync()
    {
        try
        {
            await database.TruncateLogAsync();
        }
        catch (BackendUnavailableException fault)
        {
            // It is erased, and the answer must say so.
            EventsGatewayLog.LogLeft(log, fault.Message);
        }
    }

    private Erased EraseSome(SqliteSession write, string column, string id, int limit)
    {
        var removed = Tombstones.Bury(
            write, $"id IN (SELECT id FROM events WHERE {column} = @id LIMIT @limit)", database.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
            ("@id", id), ("@limit", limit));
        var ids = JsonSerializer.Serialize(removed.Select(row => row.ShipmentId).Distinct());
        // Without a merchant is what retention has cut: somebody else's as long as it has events that are not the subject's.
        var shipments = write.Execute(
            $"""
            DELETE FROM shipments WHERE shipmentId IN (SELECT value FROM json_each(@ids)) AND ({column} = @id OR merchantId = ''
                AND NOT EXISTS (SELECT 1 FROM events WHERE events.shipmentId = shipments.shipmentId AND events.{column} <> @id))
            """,
            ("@ids", ids), ("@id", id));
        return new Erased(removed.Count, shipments, 0);
    }

    /// <summary>Those whose events are gone already.</summary>
    private async Task<int> EraseShipmentsAsync(string column, string id)
    {
        int erased = 0, some;
        do
        {
            some = await database.WriteAsync(write => write.Execute(
                $"DELETE FROM shipments WHERE shipmentId IN (SELECT shipmentId FROM shipments WHERE {column} = @id LIMIT @limit)",
                ("@id", id), ("@limit", Batch)));
            erased += some;
        }
        while (some == Batch);
        return erased;
    }
}
