using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories.Sqlite;
using Gateway.Shared.Health;
using Gateway.Shared.Sqlite;
using Gateway.TestSupport;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace Gateway.Benchmarks.Seed;

internal sealed class SeedSqlite(string path) : ISeededStore
{
    private readonly SqliteDatabase _database = Open(path);

    public static SqliteDatabase Open(string path) => new(
        Options.Create(new SqliteOptions { Path = Path.GetFullPath(path) }), EventSchema.Schema,
        new HostingEnvironment { ContentRootPath = Path.GetFullPath(".") }, TimeProvider.System);

    public Task PrepareAsync() => Task.CompletedTask;

    public Task AddAsync(IReadOnlyList<EventEntity> events) => _database.WriteAsync(write =>
    {
        foreach (var e in events) Insert(write, e);
        foreach (var status in events.GroupBy(e => e.Status))
            write.Execute(EventStatements.CountAdded, ("@added", status.Count()), ("@status", status.Key.Text()));
        return true;
    });

    public Task AddAsync(IReadOnlyList<ShipmentEntity> shipments)
        => _database.WriteAsync(write => shipments.Sum(shipment => write.Execute(
        "INSERT INTO shipments VALUES (@id, @company, @status, @merchant, @at, @end, @endReceivedAt, 1, NULL, @at, @at)",
        ("@id", shipment.Key.ShipmentId), ("@company", shipment.Key.ShippingCompanyId), ("@status", shipment.Status),
        ("@merchant", shipment.MerchantId), ("@at", shipment.LastEventAt?.ToUnixTimeMilliseconds()), ("@end", shipment.End),
        ("@endReceivedAt", shipment.EndReceivedAt?.ToUnixTimeMilliseconds()))));

    public void Dispose() => _database.Dispose();

    private static void Insert(SqliteSession write, EventEntity e) => write.Execute(
        """
        INSERT INTO events (
            shippingCompanyId, eventId, merchantId, shipmentId, type, occurredAt, receivedAt, body, headers, acceptIds,
            status, outcome, routeId, lastError, processedAt, requeuedAt, firstAttemptAt, attemptsSpent, attempts, dueAt)
        VALUES (@company, @event, @merchant, @shipment, @type, @occurredAt, @receivedAt, @body, @headers, json_array(@acceptId),
            @status, @outcome, @routeId, @error, @processedAt, @receivedAt, @firstAttemptAt, @spent, @attempts, @dueAt)
        """,
        ("@company", e.Key.ShippingCompanyId), ("@event", e.Key.EventId), ("@merchant", e.MerchantId),
        ("@shipment", e.ShipmentId), ("@type", e.Type.Text()), ("@occurredAt", e.OccurredAt.ToUnixTimeMilliseconds()),
        ("@receivedAt", e.ReceivedAt.ToUnixTimeMilliseconds()), ("@body", e.Body.ToArray()), ("@headers", e.Headers),
        ("@acceptId", Guid.CreateVersion7().ToString("N")), ("@status", e.Status.Text()), ("@outcome", e.Outcome),
        ("@routeId", e.RouteId), ("@error", e.LastError), ("@processedAt", e.ProcessedAt?.ToUnixTimeMilliseconds()),
        ("@firstAttemptAt", e.FirstAttemptAt?.ToUnixTimeMilliseconds()), ("@spent", e.AttemptsSpent),
        ("@attempts", JsonSerializer.Serialize([.. e.Attempts], EventJson.Default.ListAttemptRecord)),
        ("@dueAt", e.DueAt?.ToUnixTimeMilliseconds()));
}
