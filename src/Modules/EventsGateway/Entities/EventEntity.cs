namespace Gateway.EventsGateway.Entities;

/// <summary>One notification as the store keeps it.</summary>
internal sealed record EventEntity : CanonicalEvent
{
    /// <summary>The stored acceptances, the first and the last: they distinguish a redelivery from a resubmission.</summary>
    public const int AcceptancesKept = 32;

    private readonly DateTimeOffset? _effectiveAt;

    /// <summary>The time that places the event in its shipment; see <see cref="AcceptedEvent.EffectiveAt"/>.</summary>
    public DateTimeOffset EffectiveAt
    {
        get => _effectiveAt ?? OccurredAt;
        init => _effectiveAt = value;
    }

    /// <summary>Not an event but a request that could not be mapped when it came.</summary>
    public bool IsContainer => Key.ShippingCompanyId == AcceptedEvent.ContainerCompany;

    /// <summary>Of a container that was replayed: the events it became, encoded; null before, and in lists.</summary>
    public byte[]? Mapped { get; init; }

    /// <summary>The signed bytes; empty in lists.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Retention has removed the body, headers and attempts.</summary>
    public bool BodyRemoved { get; init; }

    public bool EndsShipment => Type.EndsShipment();

    /// <summary>It came from the queue of the NestJS original, which keeps no time of arrival.</summary>
    public bool IsArrivalUnknown => Headers == AcceptedEvent.FromNest;

    /// <summary>
    /// The <c>x-request-id</c> of the answer: the sender's, else the first of the known acceptances; null in lists and claims.
    /// </summary>
    public string? RequestId { get; init; }

    public EventStatus Status { get; init; }

    /// <summary>One of <see cref="EventOutcome"/>; null while it is pending.</summary>
    public string? Outcome { get; init; }

    public string? RouteId { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? ProcessedAt { get; init; }

    public DateTimeOffset? DismissedAt { get; init; }

    /// <summary>The operator who dismissed it, as in the audit record.</summary>
    public string? DismissedBy { get; init; }

    /// <summary>1 at first, one more with every replay or resubmission of a failed event.</summary>
    public int Generation { get; init; } = 1;

    public DateTimeOffset RequeuedAt { get; init; }

    /// <summary>
    /// The operator who replayed it, as in the audit record; null in the first generation and after a resubmission.
    /// </summary>
    public string? RequeuedBy { get; init; }

    /// <summary>The first call of this generation.</summary>
    public DateTimeOffset? FirstAttemptAt { get; init; }

    /// <summary>The first call of this generation that was not routed: since then its deadline runs.</summary>
    public DateTimeOffset? FirstFailedAt { get; init; }

    /// <summary>All calls of this generation.</summary>
    public int Tries { get; init; }

    /// <summary>Calls of this generation that count against the event.</summary>
    public int AttemptsSpent { get; init; }

    /// <summary>Attempts in a row that ended without an outcome: their worker died.</summary>
    public int AbandonedAttempts { get; init; }

    /// <summary>When a pending event may be claimed; while it is claimed, when its lease ends.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>A worker holds a claim to it; false in lists.</summary>
    public bool IsInWork { get; init; }

    /// <summary>The last 50, of all generations; empty in lists.</summary>
    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];
}
