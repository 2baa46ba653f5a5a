using System.Security.Cryptography;

namespace Gateway.EventsGateway.Entities;

/// <summary>An accepted event on its way from ingest to the store: the stamped fields and a copy of the signed bytes.</summary>
internal sealed record AcceptedEvent
{
    public required Guid AcceptId { get; init; }

    public required EventKey Key { get; init; }

    public required string MerchantId { get; init; }

    public required string ShipmentId { get; init; }

    public required EventType Type { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required byte[] Body { get; init; }

    public string? Headers { get; init; }

    public string? Traceparent { get; init; }

    /// <summary>Why the event cannot be processed; it is stored as failed. Null for a regular event.</summary>
    public Defect? Defect { get; init; }

    /// <summary>A message of the queue that is not an event: stored with its bytes, under a key made of their hash.</summary>
    public static AcceptedEvent Quarantined(byte[] bytes, Defect defect, DateTimeOffset now) => new()
    {
        AcceptId = Guid.CreateVersion7(now),
        Key = new EventKey("~unreadable", Convert.ToHexStringLower(SHA256.HashData(bytes))),
        MerchantId = "",
        ShipmentId = "",
        Type = EventType.Unknown,
        OccurredAt = now,
        ReceivedAt = now,
        Body = bytes,
        Defect = defect,
    };
}

/// <param name="Reason"><see cref="FailureReason.Unreadable"/> or <see cref="FailureReason.Unstorable"/>.</param>
/// <param name="Error">For operators.</param>
internal sealed record Defect(FailureReason Reason, string Error);
