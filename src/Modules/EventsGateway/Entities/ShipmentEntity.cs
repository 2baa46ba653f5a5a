using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Entities;

/// <summary>
/// A shipment is computed from the set of the events of one cycle: minima and maxima, which commute, so no order and no
/// repetition of the events changes the result. All times of events are effective times (<see cref="EventEntity.EffectiveAt"/>).
/// </summary>
internal sealed record ShipmentEntity
{
    public required ShipmentKey Key { get; init; }

    /// <summary>Of the first event; empty after retention has trimmed the shipment.</summary>
    public required string MerchantId { get; init; }

    /// <summary>One of <see cref="ShipmentStatus"/>, or what another program has stored.</summary>
    public string Status { get; init; } = ShipmentStatus.Active;

    /// <summary>The greatest time of its events; null while the cycle has none.</summary>
    public DateTimeOffset? LastEventAt { get; init; }

    /// <summary>
    /// The smallest position among DELIVERED and CANCELLED events. A shipment that the original ended has none: it ended before
    /// every time.
    /// </summary>
    public string? End { get; init; }

    /// <summary>The smallest receivedAt among DELIVERED and CANCELLED events; set where the shipment has ended.</summary>
    public DateTimeOffset? EndReceivedAt { get; init; }

    /// <summary>Couriers use numbers again: 1 for the first use.</summary>
    public int Cycle { get; init; } = 1;

    /// <summary>Events that were received until then belong to an earlier cycle; null in the first one.</summary>
    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public bool HasEnded => Status is ShipmentStatus.Completed or ShipmentStatus.Cancelled;

    /// <summary>The time of the end, as in its position.</summary>
    public string? EndedAt => End?.Split('|')[0];

    /// <summary>The type of the event that set the end, as in its position.</summary>
    public EventType? EndRank => End?.Split('|') is [_, "4", ..] ? EventType.Cancelled : End is null ? null : EventType.Delivered;

    /// <summary>The event that set the end.</summary>
    public EventKey? EndedBy => KeyOfEnd(End);

    public static EventKey? KeyOfEnd(string? end)
        => end?.Split('|', 3) is [_, _, var text] && EventKey.TryParse(text, out var key) ? key : null;

    /// <summary>Sortable text: <c>time|rank|key</c>.</summary>
    public static string PositionOf(EventEntity e) => $"{IsoTime.Text(e.EffectiveAt)}|{(int)e.Type}|{e.Key}";

    /// <summary>The position, if this event ends its shipment.</summary>
    public static string? EndOf(EventEntity e) => e.EndsShipment ? PositionOf(e) : null;

    /// <summary>The shipment where only this event is known.</summary>
    public static ShipmentEntity Of(EventEntity e) => new()
    {
        Key = ShipmentKey.Of(e),
        MerchantId = e.MerchantId,
        Status = e.EndsShipment ? ShipmentStatus.EndedBy(e.Type) : ShipmentStatus.Active,
        LastEventAt = e.EffectiveAt,
        End = EndOf(e),
        EndReceivedAt = e.EndsShipment ? e.ReceivedAt : null,
        CreatedAt = e.ReceivedAt,
    };

    /// <summary>
    /// The state after this event. An event of an earlier cycle changes nothing, nor does any where the status is not known.
    /// </summary>
    public ShipmentEntity After(EventEntity e, TimeSpan newCycleAfter)
    {
        if (IsBeforeCycle(e) || !ShipmentStatus.IsKnown(Status)) return this;
        if (BeginsCycle(e, newCycleAfter)) return Of(e) with { Cycle = Cycle + 1, Since = EndReceivedAt + newCycleAfter };
        var after = this with
        {
            Key = ShipmentKey.Of(e),
            MerchantId = MerchantId.Length == 0 ? e.MerchantId : MerchantId,
            LastEventAt = LastEventAt > e.EffectiveAt ? LastEventAt : e.EffectiveAt,
            EndReceivedAt = !e.EndsShipment || EndReceivedAt < e.ReceivedAt ? EndReceivedAt : e.ReceivedAt,
            CreatedAt = CreatedAt ?? e.ReceivedAt,
        };
        return EndOf(e) is { } end && (!HasEnded || string.CompareOrdinal(end, End) < 0)
            ? after with { End = end, Status = ShipmentStatus.EndedBy(e.Type) }
            : after;
    }

    /// <summary>By an operator: no event that has been received until now ends the shipment again.</summary>
    public ShipmentEntity Reopened(DateTimeOffset now) => this with
    {
        Status = ShipmentStatus.Active, LastEventAt = null, End = null, EndReceivedAt = null, Cycle = Cycle + 1, Since = now,
    };

    public bool IsBeforeCycle(EventEntity e) => e.ReceivedAt <= Since;

    /// <summary>It did not occur later than the end.</summary>
    public bool IsUpToEnd(EventEntity e)
        => EndedAt is { } end && string.CompareOrdinal(IsoTime.Text(e.EffectiveAt), end) <= 0;

    /// <summary>The courier uses the number again.</summary>
    private bool BeginsCycle(EventEntity e, TimeSpan newCycleAfter)
        => HasEnded && e.ReceivedAt > EndReceivedAt + newCycleAfter && !IsUpToEnd(e);
}
