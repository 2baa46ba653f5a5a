using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>An event matches each field that is set. <c>From</c> is inclusive, <c>To</c> exclusive, both of receivedAt.</summary>
internal sealed record EventFilter
{
    public EventStatus? Status { get; init; }

    /// <summary>Several shipping companies may use the same id: it matches the events of each.</summary>
    public string? EventId { get; init; }

    public string? EventIdPrefix { get; init; }

    /// <summary>The <c>x-request-id</c> of the answer by which the event was accepted.</summary>
    public string? RequestId { get; init; }

    /// <summary>Of the traceparent; no index has it.</summary>
    public string? TraceId { get; init; }

    /// <summary>No index has it.</summary>
    public string? RouteId { get; init; }

    public string? ShipmentId { get; init; }

    public string? ShipmentIdPrefix { get; init; }

    public string? MerchantId { get; init; }

    public string? ShippingCompanyId { get; init; }

    public string? Source { get; init; }

    public EventType? Type { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>One of <see cref="EventOutcome"/>.</summary>
    public string? Outcome { get; init; }

    /// <summary>Matches failed and dismissed events alone.</summary>
    public string? LastError { get; init; }

    /// <summary>A part of the last error; A-Z match a-z.</summary>
    public string? ErrorText { get; init; }

    /// <summary>
    /// Prefixes and texts are compared row by row, newest first, instead of by their index: many events match, and all of them
    /// would be sorted.
    /// </summary>
    public bool IsByTime { get; init; }

    /// <summary>Of a replay: failed events, or late or dismissed ones where the filter names them.</summary>
    public EventFilter OfReplay() => this with
    {
        Status = Outcome == EventOutcome.Late ? EventStatus.Processed
            : Status == EventStatus.Dismissed ? EventStatus.Dismissed
            : EventStatus.Failed,
    };

    /// <summary>Of a dismissal: failed events, or pending ones where the filter names them.</summary>
    public EventFilter OfDismissal()
        => this with { Status = Status == EventStatus.Pending ? EventStatus.Pending : EventStatus.Failed };

    /// <summary>Only failed events can match; of the dismissed ones those that had failed, where the filter names them.</summary>
    public bool NamesAReason => Status != EventStatus.Dismissed
        && (LastError is not null || (Outcome is not null && FailureReasonText.All.Contains(Outcome)));

    /// <summary>Rows of the NestJS original without a message, instead of events. The counts contain none of them.</summary>
    public bool Legacy { get; init; }
}
