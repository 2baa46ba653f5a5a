using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>
/// Readiness as it was found last. While somebody looks it is asked for every two seconds; an engine that takes its time
/// holds up nobody: what it says is shown when it is said.
/// </summary>
internal sealed class LiveHealthCache(Readiness readiness, TimeProvider time)
{
    // A look may cost the engines a write.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(300);

    private Task<HealthReport>? _asking;
    private long? _askedAt;

    /// <summary>Asked by one loop alone.</summary>
    public async Task<(LiveHealth Health, IReadOnlyList<LiveBackend> Backends)> LookAsync()
    {
        if (_asking is null or { IsCompleted: true } && !(_askedAt is { } asked && time.GetElapsedTime(asked) < Freshness))
            (_asking, _askedAt) = (Task.Run(readiness.AskAsync), time.GetTimestamp());
        if (_asking is { IsCompleted: false }) await Task.WhenAny(_asking, Task.Delay(Timeout, time));
        if (readiness.Latest is not { } report) return (new LiveHealth(HealthText.Starting, []), []);
        return (
            new LiveHealth(readiness.StatusOf(report), [.. report.Entries.Where(check => !check.Value.IsBackend()).Select(Check)]),
            [.. report.Entries.Where(check => check.Value.IsBackend()).Select(Backend)]);
    }

    private static LiveBackend Backend(KeyValuePair<string, HealthReportEntry> check)
        => new(check.Key, check.Value.Status == HealthStatus.Healthy, check.Value.Description);

    private static LiveCheck Check(KeyValuePair<string, HealthReportEntry> check)
        => new(check.Key, check.Value.Status.Text(), check.Value.Description);
}
