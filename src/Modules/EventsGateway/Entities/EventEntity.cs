namespace Gateway.EventsGateway.Entities;

/// <summary>One courier notification as the store keeps it.</summary>
internal sealed record EventEntity
{
    public required EventKey Key { get; init; }

    public required string MerchantId { get; init; }

    public required string ShipmentId { get; init; }

    public required EventType Type { get; init; }

    /// <summary>When it happened, as the courier says; UTC, whole milliseconds.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The signed bytes; empty in lists.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Old enough that only its outcome is kept.</summary>
    public bool BodyRemoved { get; init; }

    /// <summary>The kept request headers as a JSON object.</summary>
    public string? Headers { get; init; }

    public string? Traceparent { get; init; }

    public EventStatus Status { get; init; }

    public string? Outcome { get; init; }

    public string? RouteId { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? ProcessedAt { get; init; }

    /// <summary>1 at first, one more with every replay or re-send of a failed event.</summary>
    public int Generation { get; init; } = 1;

    public DateTimeOffset RequeuedAt { get; init; }

    /// <summary>The operator who replayed it into this life, by the name of the audit record; null of a first life and a re-send.</summary>
    public string? RequeuedBy { get; init; }

    public DateTimeOffset? FirstAttemptAt { get; init; }

    /// <summary>Attempts of this life that the routing service answered, or left unanswered.</summary>
    public int AttemptsSpent { get; init; }

    /// <summary>Attempts in a row that ended without any outcome: their worker died.</summary>
    public int AbandonedAttempts { get; init; }

    /// <summary>Timer and lease in one: a pending event whose time has come may be claimed.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>A worker held a claim to it when the store was asked; false in lists.</summary>
    public bool IsInWork { get; init; }

    /// <summary>The last 50, over all lives; empty in lists.</summary>
    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];
}
