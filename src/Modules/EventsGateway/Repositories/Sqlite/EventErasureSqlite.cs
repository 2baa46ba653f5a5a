using System.Text.Json;
using Gateway.Shared.Errors;
using Gateway.Shared.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class EventErasureSqlite(SqliteDatabase database, ILogger<EventErasureSqlite> log) : IEventErasure
{
    // Twice the batch of retention, because an operator waits for an erasure.
    private const int Batch = 100;

    public async Task<Erased> EraseAsync(ErasureSubject subject, int atMost)
    {
        var (column, id) = subject.ShipmentId is { } shipment ? ("shipmentId", shipment) : ("merchantId", subject.MerchantId!);
        var erased = await ErasureBatches.RunAsync(
            atMost, Batch,
            some => database.WriteAsync(write => EraseSome(write, column, id, some)),
            () => database.ReadAsync(
                read => read.Query($"SELECT count(*) AS n FROM events WHERE {column} = @id", row => (int)row.Number("n"),
                    ("@id", id)).Single(),
                CancellationToken.None),
            () => database.WriteAsync(write => write.Execute(
                $"DELETE FROM shipments WHERE shipmentId IN (SELECT shipmentId FROM shipments WHERE {column} = @id LIMIT @limit)",
                ("@id", id), ("@limit", Batch))));
        if (erased.Events + erased.Shipments > 0) await EmptyLogAsync();
        return erased;
    }

    private async Task EmptyLogAsync()
    {
        try
        {
            await database.TruncateLogAsync();
        }
        catch (BackendUnavailableException fault)
        {
            // The rows are deleted: a failed truncation of the log must not fail the response.
            EventsGatewayLog.WalNotTruncated(log, fault.Message);
        }
    }

    private Erased EraseSome(SqliteSession write, string column, string id, int limit)
    {
        var removed = Tombstones.Purge(
            write, $"id IN (SELECT id FROM events WHERE {column} = @id LIMIT @limit)", database.Clock.GetUtcNow()
                .ToUnixTimeMilliseconds(),
            ("@id", id), ("@limit", limit));
        var ids = JsonSerializer.Serialize(removed.Select(row => row.ShipmentId).Distinct());
        // A trimmed shipment has no merchant. It belongs to another subject while it has events of another subject.
        var shipments = write.Execute(
            $"""
            DELETE FROM shipments WHERE shipmentId IN (SELECT value FROM json_each(@ids)) AND ({column} = @id OR merchantId = ''
                AND NOT EXISTS (SELECT 1 FROM events WHERE events.shipmentId = shipments.shipmentId AND events.{column} <> @id))
            """,
            ("@ids", ids), ("@id", id));
        return new Erased(removed.Count, shipments, 0);
    }
}
