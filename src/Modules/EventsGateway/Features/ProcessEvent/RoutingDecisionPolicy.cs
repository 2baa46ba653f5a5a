using Gateway.EventsGateway.Entities;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

internal enum RoutingDecision
{
    Route,

    /// <summary>It arrived after the end of its shipment: processed without a call.</summary>
    Late,

    /// <summary>It arrived, and occurred, after the end of its shipment: failed.</summary>
    ShipmentEnded,
}

/// <summary>
/// Decides on an event from the state of its shipment after the event was applied. Arrival decides, not the moment of the
/// attempt: an event that was received no later than the first end of its shipment is routed, however long it has waited. Any
/// doubt ends in a call.
/// </summary>
internal sealed class RoutingDecisionPolicy(IOptions<ProcessingOptions> options)
{
    private readonly ProcessingOptions _options = options.Value;

    public RoutingDecision DecisionFor(EventEntity e, ShipmentEntity shipment)
    {
        if (shipment.IsBeforeCycle(e)) return RoutingDecision.Route;
        if (!ShipmentStatus.IsKnown(shipment.Status)) return RoutingDecision.ShipmentEnded;
        if (!shipment.HasEnded || shipment.End == ShipmentEntity.PositionOf(e)) return RoutingDecision.Route;
        if (IsReceivedWithin(_options.ArrivalTolerance ?? TimeSpan.Zero)) return RoutingDecision.Route;
        if (e.IsArrivalUnknown && IsReceivedWithin(_options.GiveUpAfter)) return RoutingDecision.Route;
        if (shipment.IsUpToEnd(e)) return RoutingDecision.Late;
        var afterEnd = e.AfterEnd ?? _options.AfterEnd;
        return afterEnd switch
        {
            AfterEnd.Fail => RoutingDecision.ShipmentEnded,
            AfterEnd.Settle => RoutingDecision.Late,
            AfterEnd.Route => RoutingDecision.Route,
            _ => throw new InvalidOperationException($"AfterEnd is {afterEnd}"),
        };

        bool IsReceivedWithin(TimeSpan time) => e.ReceivedAt <= shipment.EndReceivedAt + time;
    }
}
