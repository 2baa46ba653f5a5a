using Gateway.Shared;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Host;

internal static class HealthEndpoints
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary><c>/</c> and <c>/health</c> as the original had them; live and ready for whoever runs the process.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapMethods("/", GetOrHead, () => new { status = "ok" }).ExcludeFromDescription();
        app.MapMethods("/health", GetOrHead, (TimeProvider time) => new
        {
            status = "ok",
            timestamp = IsoTime.Text(time.GetUtcNow()),
        }).WithTags("Health");
        app.MapMethods("/health/live", GetOrHead, () => new { status = "ok" }).WithTags("Health");
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext http, HealthReport report)
    {
        var lifetime = http.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        var isStopping = lifetime.ApplicationStopping.IsCancellationRequested;
        var isStarted = lifetime.ApplicationStarted.IsCancellationRequested;
        var isReady = isStarted && !isStopping && report.Status == HealthStatus.Healthy;
        http.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return http.Response.WriteAsJsonAsync(new
        {
            status = isReady ? "ready" : isStopping ? "stopping" : isStarted ? "not ready" : "starting",
            checks = report.Entries.ToDictionary(
                check => check.Key,
                check => new { healthy = check.Value.Status == HealthStatus.Healthy, detail = check.Value.Description }),
        });
    }
}
