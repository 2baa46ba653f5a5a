using System.Diagnostics;
using System.Reflection;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Routing;
using Gateway.Shared;
using Gateway.Shared.Health;
using Gateway.Shared.Time;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>How door, worker, breaker and engines are, in the words of the console.</summary>
internal sealed class LiveState(
    IOptions<GatewayOptions> options, LiveMetrics numbers, Backlog backlog, RoutingCircuitBreaker breaker, RoutingServiceClient routing, RoutingTarget target,
    LiveHealthCache health)
{
    // What a webhook must get into before its 202.
    private readonly string _durableIn = options.Value.Profile == GatewayProfile.Embedded ? "sqlite" : "rabbitmq";
    private readonly GatewayOptions _options = options.Value;
    private readonly LiveProcess _process = ThisProcess(options.Value);

    public async Task<LiveSnapshot> AtAsync(LivePoint point)
    {
        var (seen, backends) = await health.LookAsync();
        return new LiveSnapshot(
            point, _process, Counts(), new LiveIngest(IngestState(seen, backends, point), numbers.RejectedByReason),
            new LiveWorker(WorkerState(seen), numbers.InFlight, numbers.Slots), Breaker(), backends, seen,
            numbers.Totals);
    }

    private static LiveProcess ThisProcess(GatewayOptions options)
    {
        using var process = Process.GetCurrentProcess();
        var version = typeof(LiveState).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return new LiveProcess(
            Environment.MachineName, Environment.ProcessId, options.Profile.ToString(), options.Role.ToString(),
            version.Split('+')[0], IsoTime.Text(process.StartTime.ToUniversalTime()));
    }

    private LiveCounts? Counts()
        => backlog.Latest is { } told
            ? new LiveCounts(
                told.Counts.Accepted, told.Counts.Pending, told.Counts.Processed, told.Counts.Failed,
                new LiveRemoved(told.Counts.Removed.Processed, told.Counts.Removed.Failed),
                told.Counts.OldestPending?.TotalSeconds, told.Queued, IsoTime.Text(told.At))
            : null;

    private string IngestState(LiveHealth seen, IReadOnlyList<LiveBackend> backends, LivePoint point)
        => !_options.HasIngest ? "absent"
            : seen.Status == HealthText.Stopping ? HealthText.Stopping
            : point.Unavailable > 0 || backends.Any(backend => backend.Name == _durableIn && !backend.Up) ? "unavailable"
            : "open";

    private string WorkerState(LiveHealth seen)
        => !_options.HasWorker ? "absent"
            : seen.Checks.Any(check => check is { Name: "worker", Status: HealthText.Unhealthy }) ? "stalled"
            : breaker.BreakRemaining > TimeSpan.Zero && !breaker.IsClosed ? "paused"
            : numbers.InFlight > 0 ? "working"
            : "idle";

    private LiveCircuit Breaker()
        => _options.HasWorker
            ? new LiveCircuit(
                breaker.IsClosed ? "closed" : "open", Math.Round(breaker.IsClosed ? 0 : breaker.BreakRemaining.TotalSeconds, 1),
                Math.Round(breaker.OpenFor.TotalSeconds, 1), target.Address,
                routing.LastFailure is { } failure ? new LiveFailure(failure.Error, IsoTime.Text(failure.At)) : null, routing.FailedInARow)
            : new LiveCircuit("absent", 0, 0);
}
