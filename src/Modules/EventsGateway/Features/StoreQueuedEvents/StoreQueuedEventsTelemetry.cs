using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Health;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.StoreQueuedEvents;

/// <summary>Logs, counts and traces the groups of events that move from the queue into the store.</summary>
internal sealed class StoreQueuedEventsTelemetry(
    GatewayMetrics metrics, GatewayTracing tracing, ConflictTelemetry conflicts, ILogger<StoreQueuedEventsTelemetry> log)
{
    public Activity? Begin(IReadOnlyList<AcceptedEvent> group) => tracing.Receive(group);

    public void Stored(IReadOnlyList<AcceptedEvent> group, IReadOnlyList<AddedEvent> added)
    {
        for (var i = 0; i < group.Count; i++)
        {
            if (group[i].Defect is { } defect) Quarantined(group[i], defect, added[i].IsNew);
            else if (added[i].BodyDiffers) conflicts.Record(group[i]);
        }
    }

    private void Quarantined(AcceptedEvent e, Defect defect, bool isNew)
    {
        if (isNew) metrics.AddSettled(EventStatus.Failed.Text(), defect.Reason.Text(), e.Source);
        OperationsLog.Quarantined(log, e.Key, defect.Reason.Text(), defect.Error);
    }
}
