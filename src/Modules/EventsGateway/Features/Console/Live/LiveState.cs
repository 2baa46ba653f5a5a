using Gateway.EventsGateway.Findings;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Routing;
using Gateway.Shared;
using Gateway.Shared.Health;
using Gateway.Shared.Hosting;
using Gateway.Shared.Time;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>The state of ingest, worker, circuit and backends for the console.</summary>
internal sealed class LiveState(
    IOptions<GatewayOptions> options, RoutingCircuits breaker,
    RoutingServiceClient routing, RoutingTarget target, LiveHealthCache healthCache, CurrentStatus status)
{
    // The backend that makes a webhook durable before its 202.
    private readonly string _durableBackend = options.Value.Profile == GatewayProfile.Embedded ? "sqlite" : "rabbitmq";
    private readonly GatewayOptions _options = options.Value;
    private readonly LiveProcess _process = ProcessOf(options.Value);

    public async Task<LiveSnapshot> AtAsync(LiveSample sample)
    {
        var (health, backends) = await healthCache.GetAsync();
        var point = sample.Point;
        return new LiveSnapshot(
            point, _process, CountsOf(sample.Backlog),
            new LiveIngest(IngestState(health, backends, point), sample.RejectedByReason),
            new LiveWorker(WorkerState(health, point), point.InFlight, sample.Slots), Breaker(), backends, health,
            sample.Totals, status.Latest);
    }

    private static LiveProcess ProcessOf(GatewayOptions options) => new(
        Environment.MachineName, Environment.ProcessId, options.Profile.ToString(), options.Role.ToString(),
        ProductVersion.Text, ThisProcess.StartedAt);

    private static LiveCounts? CountsOf(BacklogSnapshot? backlog)
        => backlog is { } latest
            ? new LiveCounts(
                latest.Counts.Accepted, latest.Counts.Pending, latest.Counts.Processed, latest.Counts.Failed,
                latest.Counts.Dismissed,
                new LiveRemoved(latest.Counts.Removed.Processed, latest.Counts.Removed.Failed, latest.Counts.Removed.Dismissed),
                latest.Counts.OldestPending?.TotalSeconds, latest.Queued, IsoTime.Text(latest.At))
            : null;

    private string IngestState(LiveHealth health, IReadOnlyList<LiveBackend> backends, LivePoint point)
        => !_options.HasIngest ? "absent"
            : health.Status == HealthText.Stopping ? HealthText.Stopping
            : point.Unavailable > 0 || backends.Any(backend => backend.Name == _durableBackend && !backend.Up) ? "unavailable"
            : "open";

    private string WorkerState(LiveHealth health, LivePoint point)
        => !_options.HasWorker ? "absent"
            : health.Checks.Any(check => check is { Name: "worker", Status: HealthText.Unhealthy }) ? "stalled"
            : breaker.BreakRemaining > TimeSpan.Zero && !breaker.IsClosed ? "paused"
            : point.InFlight > 0 ? "working"
            : "idle";

    private LiveCircuit Breaker()
        => _options.HasWorker
            ? new LiveCircuit(
                breaker.IsClosed ? "closed" : "open",
                Math.Round(breaker.IsClosed ? 0 : breaker.BreakRemaining.TotalSeconds, 1),
                Math.Round(breaker.OpenFor.TotalSeconds, 1), target.Address,
                routing.LastFailure is { } failure ? new LiveFailure(failure.Error, IsoTime.Text(failure.At)) : null,
                routing.FailedInARow)
            : new LiveCircuit("absent", 0, 0);
}
