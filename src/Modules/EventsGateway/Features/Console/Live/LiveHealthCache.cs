using Gateway.Shared.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>
/// The latest readiness for the console. While a console is open it is refreshed every 2 s; a slow backend does not delay the
/// console, and its result is shown when it arrives.
/// </summary>
internal sealed class LiveHealthCache(Readiness readiness, TimeProvider time)
{
    // A refresh may cost the backends a write.
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(300);

    private Task<HealthReport>? _checking;
    private long? _startedAt;

    /// <summary>Called by one loop only.</summary>
    public async Task<(LiveHealth Health, IReadOnlyList<LiveBackend> Backends)> GetAsync()
    {
        var isFresh = _startedAt is { } startedAt && time.GetElapsedTime(startedAt) < CacheDuration;
        if (_checking is null || (_checking.IsCompleted && !isFresh))
            (_checking, _startedAt) = (Task.Run(readiness.CheckAsync), time.GetTimestamp());
        if (_checking is { IsCompleted: false }) await Task.WhenAny(_checking, Task.Delay(Timeout, time));
        if (readiness.Latest is not { } report) return (new LiveHealth(HealthText.Starting, []), []);
        return (
            new LiveHealth(
                readiness.StatusOf(report), [.. report.Entries.Where(check => !check.Value.IsBackend()).Select(Check)]),
            [.. report.Entries.Where(check => check.Value.IsBackend()).Select(Backend)]);
    }

    private static LiveBackend Backend(KeyValuePair<string, HealthReportEntry> check)
        => new(check.Key, check.Value.Status == HealthStatus.Healthy, check.Value.Description);

    private static LiveCheck Check(KeyValuePair<string, HealthReportEntry> check)
        => new(check.Key, check.Value.Status.Text(), check.Value.Description);
}
