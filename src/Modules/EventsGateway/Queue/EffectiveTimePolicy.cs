using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Queue;

/// <summary>
/// Replaces the time of an event that cannot be true, once, before the store adds it: one DELIVERED with the epoch or with a year
/// of a typing error would close its shipment for ever.
/// </summary>
/// <param name="past">So long before its receipt an event may have occurred.</param>
/// <param name="future">So long after it.</param>
/// <param name="implausible">Called for each event whose occurredAt cannot be true.</param>
internal sealed class EffectiveTimePolicy(TimeSpan past, TimeSpan future, Action implausible)
{
    public IReadOnlyList<AcceptedEvent> Apply(IReadOnlyList<AcceptedEvent> events) => [.. events.Select(Apply)];

    private AcceptedEvent Apply(AcceptedEvent e)
    {
        if (e.Defect is not null || (e.OccurredAt >= e.ReceivedAt - past && e.OccurredAt <= e.ReceivedAt + future)) return e;
        implausible();
        return e with { EffectiveAt = e.ReceivedAt, HasImplausibleTime = true };
    }
}
