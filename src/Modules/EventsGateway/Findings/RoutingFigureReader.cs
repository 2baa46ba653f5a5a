using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Findings;

/// <summary>Reads what this process knows of the routing service.</summary>
internal sealed class RoutingFigureReader(
    RoutingCircuits circuits, RoutingServiceClient client, RoutingTarget target, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly SlidingSamples<LiveTotals> _seconds = new(TimeSpan.FromSeconds(1), Window, time);

    public RoutingFigures Read(LiveTotals now)
    {
        _seconds.Add(() => now);
        var before = _seconds.Before(Window);
        return new RoutingFigures(
            target.Address, !circuits.IsClosed, circuits.OpenFor, circuits.BreakRemaining, client.LastFailure,
            client.FailedInARow, now.Failed - before.Failed + now.Retries - before.Retries, now.Processed - before.Processed,
            circuits.OpenMerchants == 0 ? [] : [.. circuits.OpenScopes.Select(scope => scope.ToString()).Order()]);
    }
}
