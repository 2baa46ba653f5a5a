using System.Text.Json;
using Gateway.EventsGateway.Entities;
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
        var of = new Subject(subject);
        var erased = await ErasureBatches.RunAsync(
            atMost, Batch,
            some => database.WriteAsync(write => EraseSome(write, of, some)),
            () => database.ReadAsync(
                read => read.Query($"SELECT count(*) AS n FROM events WHERE {of.Where}", row => (int)row.Number("n"),
                    of.Parameters).Single(),
                CancellationToken.None),
            () => database.WriteAsync(write => write.Execute(
                $"""
                DELETE FROM shipments WHERE (shipmentId, shippingCompanyId) IN
                    (SELECT shipmentId, shippingCompanyId FROM shipments WHERE {of.Where} LIMIT @limit)
                """,
                [.. of.Parameters, ("@limit", Batch)])));
        if (erased.Events + erased.Shipments > 0) await EmptyLogAsync();
        return erased;
    }

    public Task<IReadOnlyList<EventEntity>> ContainersAsync(string after, int limit, CancellationToken cancellationToken)
        => database.ReadAsync<IReadOnlyList<EventEntity>>(
            read => read.Query(
                $"""
                SELECT {EventRow.ColumnsWithBody} FROM events
                WHERE shippingCompanyId = @company AND eventId > @after ORDER BY eventId LIMIT @limit
                """,
                EventRow.ReadWithBody, ("@company", AcceptedEvent.ContainerCompany), ("@after", after), ("@limit", limit)),
            cancellationToken);

    public async Task<int> EraseContainersAsync(IReadOnlyCollection<EventKey> containers)
    {
        var ids = JsonSerializer.Serialize(containers.Select(container => container.EventId));
        var erased = await database.WriteAsync(write => Tombstones.Purge(
            write, "shippingCompanyId = @company AND eventId IN (SELECT value FROM json_each(@ids))",
            database.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
            ("@company", AcceptedEvent.ContainerCompany), ("@ids", ids)).Count);
        if (erased > 0) await EmptyLogAsync();
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
            OperationsLog.WalNotTruncated(log, fault.Message);
        }
    }

    public Task<IReadOnlyList<string>> CouriersOfAsync(string shipmentId, CancellationToken cancellationToken)
        => database.ReadAsync<IReadOnlyList<string>>(
            read => read.Query(
                """
                SELECT shippingCompanyId AS courier FROM events WHERE shipmentId = @id
                UNION SELECT shippingCompanyId FROM shipments WHERE shipmentId = @id AND shippingCompanyId <> ''
                """,
                row => row.Text("courier"), ("@id", shipmentId)),
            cancellationToken);

    private Erased EraseSome(SqliteSession write, Subject of, int limit)
    {
        var removed = Tombstones.Purge(
            write, $"id IN (SELECT id FROM events WHERE {of.Where} LIMIT @limit)",
            database.Clock.GetUtcNow().ToUnixTimeMilliseconds(), [.. of.Parameters, ("@limit", limit)]);
        var shipments = removed.Select(row => new ShipmentKey(row.Key.ShippingCompanyId, row.ShipmentId)).Distinct();
        // A trimmed shipment has no merchant. It belongs to another subject while it has events of another subject.
        return new Erased(removed.Count, shipments.Sum(shipment => write.Execute(
            $"""
            DELETE FROM shipments WHERE shipmentId = @shipment AND shippingCompanyId IN (@of, '')
                AND ({of.Where} OR merchantId = '' AND NOT EXISTS (
                    SELECT 1 FROM events WHERE shipmentId = @shipment AND shippingCompanyId = @of AND NOT ({of.Where})))
            """,
            [.. of.Parameters, ("@shipment", shipment.ShipmentId), ("@of", shipment.ShippingCompanyId)])), 0);
    }

    private sealed class Subject(ErasureSubject subject)
    {
        /// <summary>Of events and of shipments; both tables have these columns.</summary>
        public string Where { get; } = subject.ShipmentId is null ? "merchantId = @id"
            : subject.ShippingCompanyId is null ? "shipmentId = @id"
            : "shipmentId = @id AND shippingCompanyId = @company";

        public (string, object?)[] Parameters { get; } =
            [("@id", subject.ShipmentId ?? subject.MerchantId), ("@company", subject.ShippingCompanyId)];
    }
}
