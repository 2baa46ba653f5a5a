using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonFields;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// A document of <c>events</c> as an entity, and back. Reading requires no field: a row that another application wrote must
/// not stop a claim or a list.
/// </summary>
internal static class EventDocument
{
    public const string Collection = "events";

    /// <summary>When the row was emptied; set only in purged rows.</summary>
    public const string PurgedAt = "purgedAt";

    /// <summary>For lists.</summary>
    public static readonly BsonDocument WithoutBody
        = Leaving("body", "payload", "headers", "acceptIds", "attempts", "details", "mapped");

    /// <summary>For details.</summary>
    public static readonly BsonDocument WithAcceptances = Leaving("payload");

    /// <summary>For claims.</summary>
    public static readonly BsonDocument WithBody = Leaving("payload", "acceptIds");

    /// <summary>A row of the NestJS original: it has no company.</summary>
    public static readonly BsonDocument IsLegacy = new("shippingCompanyId", new BsonDocument("$exists", false));

    public static IMongoCollection<BsonDocument> In(IMongoDatabase database) => database.GetCollection<BsonDocument>(Collection);

    public static BsonDocument New(AcceptedEvent accepted, long now)
    {
        var e = accepted.AddedAt(DateTimeOffset.FromUnixTimeMilliseconds(now));
        return new BsonDocument
        {
            { "shippingCompanyId", e.Key.ShippingCompanyId },
            { "eventId", e.Key.EventId },
            { "merchantId", e.MerchantId },
            { "shipmentId", e.ShipmentId },
            { "type", e.Type.Text() },
            { "status", (e.Defect is null ? EventStatus.Pending : EventStatus.Failed).Text() },
            { "occurredAt", Date(e.OccurredAt) },
            { "receivedAt", Date(e.ReceivedAt) },
            { "effectiveAt", () => Date(e.EffectiveAt!.Value), e.EffectiveAt is not null },
            { "implausibleTime", true, e.HasImplausibleTime },
            { "createdAt", new BsonDateTime(now) },
            { "body", e.Body },
            { "headers", e.Headers, e.Headers is not null },
            { "traceparent", e.Traceparent, e.Traceparent is not null },
            { "requestId", e.RequestId, e.RequestId is not null },
            { "source", e.Source, e.Source != CanonicalEvent.BuiltInSource },
            { "secretId", e.SecretId, e.SecretId is not null },
            { "afterEnd", () => e.AfterEnd!.Value.Text(), e.AfterEnd is not null },
            { "details", e.Details },
            { "itemIndex", e.ItemIndex, e.ItemIndex is not null },
            { "requestDigest", e.RequestDigest, e.RequestDigest is not null },
            { "acceptIds", new BsonArray { Id(e.AcceptId) } },
            { "generation", 1 },
            { "requeuedAt", new BsonDateTime(now) },
            { "tries", 0 },
            { "attemptsSpent", 0 },
            { "abandonedAttempts", 0 },
            { "attempts", new BsonArray() },
        }.AddRange(e.Defect is { } defect ? Ended(defect, now) : new BsonDocument("dueAt", new BsonDateTime(now)));
    }

    public static string Source(BsonDocument row) => Text(row, "source") ?? CanonicalEvent.BuiltInSource;

    public static EventEntity Read(BsonDocument row)
    {
        var status = EventStatusText.Parse(Text(row, "status")) ?? EventStatus.Failed;
        var createdAt = Time(row, "createdAt") ?? DateTimeOffset.UnixEpoch;
        return new EventEntity
        {
            Key = Key(row),
            MerchantId = Text(row, "merchantId") ?? "",
            ShipmentId = Text(row, "shipmentId") ?? "",
            Type = EventTypeText.Parse(Text(row, "type")) ?? EventType.Unknown,
            OccurredAt = Time(row, "occurredAt") ?? createdAt,
            ReceivedAt = Time(row, "receivedAt") ?? createdAt,
            EffectiveAt = Time(row, "effectiveAt") ?? Time(row, "occurredAt") ?? createdAt,
            HasImplausibleTime = row.GetValue("implausibleTime", false) == true,
            Body = Bytes(row, "body"),
            Headers = Text(row, "headers"),
            Traceparent = Text(row, "traceparent"),
            Source = Source(row),
            SecretId = Text(row, "secretId"),
            AfterEnd = AfterEndText.Parse(Text(row, "afterEnd")),
            Details = Text(row, "details") ?? BuiltInBody.DetailsOf(Bytes(row, "body")),
            ItemIndex = Number(row, "itemIndex"),
            RequestDigest = Text(row, "requestDigest"),
            Mapped = (row.GetValue("mapped", BsonNull.Value) as BsonBinaryData)?.Bytes,
            Status = status,
            Outcome = Text(row, "outcome"),
            RouteId = Text(row, "routeId"),
            LastError = Text(row, "lastError"),
            // The NestJS original sets it with the insert (S2).
            ProcessedAt = status == EventStatus.Processed ? Time(row, "processedAt") : null,
            DismissedAt = Time(row, "dismissedAt"),
            DismissedBy = Text(row, "dismissedBy"),
            Generation = Number(row, "generation") ?? 1,
            RequeuedAt = Time(row, "requeuedAt") ?? createdAt,
            RequeuedBy = Text(row, "requeuedBy"),
            FirstAttemptAt = Time(row, "firstAttemptAt"),
            FirstFailedAt = Time(row, "firstFailedAt"),
            Tries = Math.Max(Number(row, "tries") ?? 0, Number(row, "attemptsSpent") ?? 0),
            AttemptsSpent = Number(row, "attemptsSpent") ?? 0,
            AbandonedAttempts = Number(row, "abandonedAttempts") ?? 0,
            DueAt = Time(row, "dueAt"),
            BodyRemoved = row.Contains(PurgedAt),
            Attempts = [.. Items(row, "attempts").OfType<BsonDocument>().Select(ReadAttempt)],
        };
    }

    /// <summary>With the properties that depend on the time of the query.</summary>
    public static EventEntity Read(BsonDocument row, DateTimeOffset now)
    {
        var e = Read(row);
        return e with { IsInWork = e.DueAt > now && row.GetValue("claim", BsonNull.Value) is BsonDocument claim
            && claim.Contains("token"),
            RequestId = Text(row, "requestId")
                ?? (Items(row, "acceptIds").FirstOrDefault() as BsonBinaryData)?.ToGuid().ToString() };
    }

    public static EventKey Key(BsonDocument row) => new(Text(row, "shippingCompanyId") ?? "", Text(row, "eventId") ?? "");

    public static BsonDocument Attempt(AttemptRecord record) => new()
    {
        { "generation", record.Generation },
        { "number", record.Number },
        { "startedAt", Date(record.StartedAt) },
        { "durationMs", record.DurationMs, record.DurationMs is not null },
        { "result", record.Result },
        { "error", record.Error, record.Error is not null },
        { "probes", record.Probes, record.Probes is not null },
        { "lastStartedAt", () => Date(record.LastStartedAt!.Value), record.LastStartedAt is not null },
        { "answer", () => Answer(record.Answer!), record.Answer is not null },
        { "url", record.Url, record.Url is not null },
    };

    private static AttemptRecord ReadAttempt(BsonDocument line) => new(
        Number(line, "generation") ?? 1, Number(line, "number") ?? 0, Time(line, "startedAt") ?? DateTimeOffset.UnixEpoch,
        Number(line, "durationMs"), Text(line, "result") ?? "", Text(line, "error"))
    {
        Probes = Number(line, "probes"), Url = Text(line, "url"), LastStartedAt = Time(line, "lastStartedAt"),
        Answer = line.GetValue("answer", BsonNull.Value) is BsonDocument answer
            ? new AttemptAnswer(Number(answer, "status") ?? 0, Text(answer, "headers"), Text(answer, "body"))
            : null,
    };

    private static BsonDocument Answer(AttemptAnswer answer) => new()
    {
        { "status", answer.Status },
        { "headers", answer.Headers, answer.Headers is not null },
        { "body", answer.Body, answer.Body is not null },
    };

    private static BsonDocument Ended(Defect defect, long now) => new()
    {
        { "outcome", defect.Reason.Text() },
        { "lastError", defect.Error },
        { "effectsDue", new BsonDocument { { "generation", 1 }, { "at", new BsonDateTime(now) }, { "copied", false } } },
    };

    private static BsonDocument Leaving(params string[] fields) => new(fields.ToDictionary(field => field, _ => (object)0));
}
