using System.Security.Cryptography;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Entities;

/// <summary>An accepted event on its way from ingest to the store: the stamped fields and a copy of the signed bytes.</summary>
internal sealed record AcceptedEvent : CanonicalEvent
{
    /// <summary>The id of the built-in source's secret (Gateway:Webhook:Secret).</summary>
    public const string BuiltInSecretId = "default";

    /// <summary>One of the built-in source with its first secret: nearly all events, so SQLite writes nothing of it.</summary>
    public bool IsOrdinary
        => Source == BuiltInSource && SecretId is null or BuiltInSecretId && AfterEnd is null && ItemIndex is null
            && RequestDigest is null;

    /// <summary>The company in the keys of containers: no sender can claim it.</summary>
    public const string ContainerCompany = "~unmapped";

    /// <summary>The headers of an event from the queue of the NestJS original.</summary>
    public const string FromNest = """{"body-source":"nest"}""";

    public required Guid AcceptId { get; init; }

    /// <summary>
    /// The time that places the event in its shipment: occurredAt, of an end the last millisecond of the precision it was written
    /// with: one with a date alone would close its shipment at the beginning of its day. Where occurredAt cannot be true, the
    /// store gets receivedAt. Null: occurredAt.
    /// </summary>
    public DateTimeOffset? EffectiveAt { get; init; }

    /// <summary>The signed bytes; of an item of a batch, its slice of them.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The <c>x-request-id</c> that the sender gave; null where the answer had one of the gateway.</summary>
    public string? RequestId { get; init; }

    /// <summary>The <c>x-request-id</c> of the answer.</summary>
    public string RequestIdOrOwn => RequestId ?? AcceptId.ToString();

    /// <summary>Why the event cannot be processed; it is stored as failed. Null for a regular event.</summary>
    public Defect? Defect { get; init; }

    /// <summary>
    /// As the store adds it at this time of its own clock: where the clock of an ingest process is ahead, its events would be
    /// received after an end that they were received before.
    /// </summary>
    public AcceptedEvent AddedAt(DateTimeOffset now) => ReceivedAt <= now
        ? this
        : this with { ReceivedAt = now, EffectiveAt = HasImplausibleTime ? now : EffectiveAt };

    /// <summary>A request that is authentic but could not be mapped: kept as a whole, for a later mapping.</summary>
    public static AcceptedEvent Container(
        EventKey key, byte[] body, DateTimeOffset receivedAt, string source, string error)
        => WithoutFields(key, body, new Defect(FailureReason.Unmapped, error), receivedAt) with { Source = source };

    /// <summary>
    /// A message of the queue that is not an event: stored with its bytes, under a key made of their hash. Where its event id
    /// could be read, a search for that id finds it.
    /// </summary>
    public static AcceptedEvent Quarantined(byte[] bytes, Defect defect, DateTimeOffset now, string? eventId = null)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var key = eventId is null ? new EventKey("~unreadable", hash) : new EventKey($"~unreadable-{hash}", eventId);
        return WithoutFields(key, bytes, defect, now);
    }

    private static AcceptedEvent WithoutFields(EventKey key, byte[] body, Defect defect, DateTimeOffset now) => new()
    {
        AcceptId = Guid.CreateVersion7(now),
        Key = key,
        MerchantId = "",
        ShipmentId = "",
        Type = EventType.Unknown,
        OccurredAt = now,
        ReceivedAt = now,
        Body = body,
        Defect = defect,
    };
}

/// <param name="Reason">Unreadable, unstorable or unmapped.</param>
/// <param name="Error">For operators.</param>
internal sealed record Defect(FailureReason Reason, string Error)
{
    /// <summary>It may quote the request.</summary>
    public string Error { get; } = OutsideText.Clean(Error);
}
