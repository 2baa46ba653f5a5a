using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>A row of <c>events</c> as an entity.</summary>
internal static class EventRow
{
    public const string Columns =
        "shippingCompanyId, eventId, merchantId, shipmentId, type, occurredAt, receivedAt, effectiveAt, implausibleTime, " +
        "status, outcome, routeId, lastError, processedAt, generation, requeuedAt, requeuedBy, firstAttemptAt, " +
        "firstFailedAt, tries, attemptsSpent, abandonedAttempts, dueAt, traceparent, dismissedAt, dismissedBy, source";

    public const string ColumnsWithBody = Columns
        + ", body, headers, attempts, secretId, afterEnd, details, itemIndex, requestDigest, mapped";

    /// <summary>With the columns that depend on the time of the query, <c>@now</c>.</summary>
    public const string ColumnsWithWork = ColumnsWithBody
        + ", requestId, json_extract(acceptIds, '$[0]') AS firstAcceptId"
        + ", claimToken IS NOT NULL AND ifnull(dueAt, 0) > @now AS isInWork";

    public static EventKey Key(SqliteRow row) => new(row.Text("shippingCompanyId"), row.Text("eventId"));

    public static string Source(SqliteRow row) => row.TextOrNull("source") ?? CanonicalEvent.BuiltInSource;

    public static FailedEvent Failed(SqliteRow row) => new(Key(row), Source(row));

    public static EventEntity Read(SqliteRow row) => new()
    {
        Key = Key(row),
        MerchantId = row.Text("merchantId"),
        ShipmentId = row.Text("shipmentId"),
        Type = EventTypeText.Parse(row.Text("type")) ?? EventType.Unknown,
        OccurredAt = row.Time("occurredAt"),
        ReceivedAt = row.Time("receivedAt"),
        EffectiveAt = row.TimeOrNull("effectiveAt") ?? row.Time("occurredAt"),
        HasImplausibleTime = row.Flag("implausibleTime"),
        Status = EventStatusText.Parse(row.Text("status"))!.Value,
        Outcome = row.TextOrNull("outcome"),
        RouteId = row.TextOrNull("routeId"),
        LastError = row.TextOrNull("lastError"),
        ProcessedAt = row.TimeOrNull("processedAt"),
        DismissedAt = row.TimeOrNull("dismissedAt"),
        DismissedBy = row.TextOrNull("dismissedBy"),
        Generation = (int)row.Number("generation"),
        RequeuedAt = row.Time("requeuedAt"),
        RequeuedBy = row.TextOrNull("requeuedBy"),
        FirstAttemptAt = row.TimeOrNull("firstAttemptAt"),
        FirstFailedAt = row.TimeOrNull("firstFailedAt"),
        // A row of an earlier version has no tries.
        Tries = (int)Math.Max(row.Number("tries"), row.Number("attemptsSpent")),
        AttemptsSpent = (int)row.Number("attemptsSpent"),
        AbandonedAttempts = (int)row.Number("abandonedAttempts"),
        DueAt = row.TimeOrNull("dueAt"),
        Traceparent = row.TextOrNull("traceparent"),
        Source = Source(row),
    };

    public static EventEntity ReadWithBody(SqliteRow row)
    {
        var body = row.Bytes("body");
        // A row of an earlier version has no details.
        var isOrdinary = row.TextOrNull("source") is null && row.TextOrNull("details") is not null;
        return Read(row) with
        {
            Body = body,
            Headers = row.TextOrNull("headers"),
            Attempts = JsonSerializer.Deserialize(row.Text("attempts"), EventJson.Default.ListAttemptRecord)!,
            SecretId = row.TextOrNull("secretId") ?? (isOrdinary ? AcceptedEvent.BuiltInSecretId : null),
            AfterEnd = AfterEndText.Parse(row.TextOrNull("afterEnd")),
            Details = row.TextOrNull("details") ?? BuiltInBody.DetailsOf(body),
            ItemIndex = (int?)row.NumberOrNull("itemIndex"),
            RequestDigest = row.TextOrNull("requestDigest"),
            Mapped = row.BytesOrNull("mapped"),
        };
    }

    public static EventEntity ReadWithWork(SqliteRow row) => ReadWithBody(row) with
    {
        IsInWork = row.Flag("isInWork"),
        RequestId = row.TextOrNull("requestId")
            ?? (Guid.TryParse(row.TextOrNull("firstAcceptId"), out var first) ? first.ToString() : null),
    };

    public static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
