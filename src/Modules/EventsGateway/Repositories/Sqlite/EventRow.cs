using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Microsoft.Data.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>A row of <c>events</c> to the entity; columns in the order of <see cref="Columns"/>.</summary>
internal static class EventRow
{
    public const string Columns =
        "shippingCompanyId, eventId, merchantId, shipmentId, type, occurredAt, receivedAt, status, outcome, routeId, " +
        "lastError, processedAt, generation, requeuedAt, firstAttemptAt, attemptsSpent, abandonedAttempts, dueAt, traceparent, requeuedBy";

    public const string ColumnsWithBody = Columns + ", body, headers, attempts";

    public static EventEntity Read(SqliteDataReader row) => new()
    {
        Key = new EventKey(row.GetString(0), row.GetString(1)),
        MerchantId = row.GetString(2),
        ShipmentId = row.GetString(3),
        Type = EventTypeText.Parse(row.GetString(4)) ?? EventType.Unknown,
        OccurredAt = Time(row.GetInt64(5)),
        ReceivedAt = Time(row.GetInt64(6)),
        Status = EventStatusText.Parse(row.GetString(7))!.Value,
        Outcome = Text(row, 8),
        RouteId = Text(row, 9),
        LastError = Text(row, 10),
        ProcessedAt = TimeOrNull(row, 11),
        Generation = row.GetInt32(12),
        RequeuedAt = Time(row.GetInt64(13)),
        FirstAttemptAt = TimeOrNull(row, 14),
        AttemptsSpent = row.GetInt32(15),
        AbandonedAttempts = row.GetInt32(16),
        DueAt = TimeOrNull(row, 17),
        Traceparent = Text(row, 18),
        RequeuedBy = Text(row, 19),
    };

    public static EventEntity ReadWithBody(SqliteDataReader row) => Read(row) with
    {
        Body = row.GetFieldValue<byte[]>(20),
        Headers = Text(row, 21),
        Attempts = JsonSerializer.Deserialize(row.GetString(22), EventJson.Default.ListAttemptRecord)!,
    };

    public static EventEntity ReadWithWork(SqliteDataReader row) => ReadWithBody(row) with { IsInWork = row.GetBoolean(23) };

    public static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? TimeOrNull(SqliteDataReader row, int column)
        => row.IsDBNull(column) ? null : Time(row.GetInt64(column));
}
