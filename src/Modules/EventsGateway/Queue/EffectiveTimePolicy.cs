using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Queue;

/// <summary>
/// Gives an event the time that places it in its shipment, once, before the store adds it. One DELIVERED with the epoch or with a
/// year of a typing error would close its shipment for ever; one with a date alone would close it at the beginning of its day.
/// </summary>
/// <param name="past">So long before its receipt an event may have occurred.</param>
/// <param name="future">So long after it.</param>
/// <param name="implausible">Called for each event whose occurredAt cannot be true.</param>
internal sealed class EffectiveTimePolicy(TimeSpan past, TimeSpan future, Action implausible)
{
    public IReadOnlyList<AcceptedEvent> Apply(IReadOnlyList<AcceptedEvent> events) => [.. events.Select(Apply)];

    private AcceptedEvent Apply(AcceptedEvent e)
    {
        if (e.Defect is not null) return e;
        if (e.OccurredAt < e.ReceivedAt - past || e.OccurredAt > e.ReceivedAt + future)
        {
            implausible();
            return e with { EffectiveAt = e.ReceivedAt, HasImplausibleTime = true };
        }

        return e.Type.EndsShipment() ? e with { EffectiveAt = LastMillisecondOf(e) } : e;
    }

    private static DateTimeOffset? LastMillisecondOf(AcceptedEvent e)
    {
        try
        {
            var text = EventMapper.TextOf(EventMapper.WithoutBom(e.Body), "occurredAt"u8);
            return text is null ? null : IsoTime.ParseLast(text);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Ingest has read this body; the queue reader stops for no content.
            return null;
        }
    }
}
