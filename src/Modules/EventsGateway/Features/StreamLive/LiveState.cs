using System.Diagnostics;
using System.Reflection;
using Gateway.EventsGateway.Routing;
using Gateway.EventsGateway.Telemetry;
using Gateway.Shared;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.StreamLive;

/// <summary>How door, worker, breaker and engines are, in the words of the console.</summary>
internal sealed class LiveState(
    IOptions<GatewayOptions> options, LiveNumbers numbers, Backlog backlog, RoutingBreaker breaker, LiveHealthGlance health)
{
    private static readonly HashSet<string> EngineNames = ["sqlite", "rabbitmq", "redis", "mongodb"];

    private readonly GatewayOptions _options = options.Value;
    private readonly LiveProcess _process = ThisProcess(options.Value);

    public async Task<LiveSnapshot> AtAsync(LivePoint point)
    {
        var seen = await health.LookAsync();
        return new LiveSnapshot(
            point, _process, Counts(), new LiveDoor(DoorState(seen, point), numbers.RejectedByReason),
            new LiveWorker(WorkerState(seen), numbers.InFlight, numbers.Slots), Breaker(),
            [.. seen.Checks.Where(IsEngine).Select(check => new LiveEngine(check.Name, check.Status == LiveHealthGlance.Healthy, check.Detail))],
            seen with { Checks = [.. seen.Checks.Where(check => !IsEngine(check))] }, numbers.Totals);
    }

    private static bool IsEngine(LiveCheck check) => EngineNames.Contains(check.Name);

    private static bool IsIll(LiveHealth health, string check)
        => health.Checks.Any(one => one.Name == check && one.Status == LiveHealthGlance.Unhealthy);

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
                told.Counts.OldestPending?.TotalSeconds, told.Queued, IsoTime.Text(told.At))
            : null;

    private string DoorState(LiveHealth seen, LivePoint point)
        => !_options.HasDoor ? "absent"
            : seen.Status == LiveHealthGlance.Stopping ? "stopping"
            : point.Unavailable > 0 || IsIll(seen, "queue") ? "refusing"
            : "open";

    private string WorkerState(LiveHealth seen)
        => !_options.HasWorker ? "absent"
            : IsIll(seen, "worker") ? "stuck"
            : breaker.Rest > TimeSpan.Zero && !breaker.IsClosed ? "resting"
            : numbers.InFlight > 0 ? "working"
            : "idle";

    private LiveBreaker Breaker()
        => _options.HasWorker
            ? new LiveBreaker(
                breaker.IsClosed ? "closed" : "open", Math.Round(breaker.IsClosed ? 0 : breaker.Rest.TotalSeconds, 1),
                Math.Round(breaker.NotClosedFor.TotalSeconds, 1))
            : new LiveBreaker("absent", 0, 0);
}
