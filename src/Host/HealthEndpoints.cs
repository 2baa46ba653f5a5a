using Gateway.Shared.Health;
using Gateway.Shared.Hosting;
using Gateway.Shared.Operator;
using Gateway.Shared.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Host;

internal static class HealthEndpoints
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// <c>/</c> and <c>/health</c> answer exactly as the original did. Liveness and readiness are for the platform that runs the
    /// process, and name its version.
    /// </summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapMethods("/", GetOrHead, () => new { status = "ok" }).ExcludeFromDescription();
        app.MapMethods("/health", GetOrHead, (TimeProvider time) => new
        {
            status = "ok",
            timestamp = IsoTime.Text(time.GetUtcNow()),
        }).WithTags("Health");
        app.MapMethods("/health/live", GetOrHead, () => new
        {
            status = "ok",
            version = ProductVersion.Text,
            commit = ProductVersion.Commit,
        }).WithTags("Health");
        app.MapMethods("/health/ready", GetOrHead, ReadyAsync).WithTags("Health");
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, HttpContext http)
    {
        var report = await readiness.CheckAsync();
        http.Response.Headers.CacheControl = "no-store";
        var (status, version) = (readiness.StatusOf(report), ProductVersion.Text);
        return Results.Json(
            await ShowsDetailsAsync(http) ? new { status, version, checks = ChecksOf(report) } : new { status },
            statusCode: readiness.IsReady(report) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Checks name backends and their addresses; a probe needs the status code alone.</summary>
    private static async ValueTask<bool> ShowsDetailsAsync(HttpContext http)
        => http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment() || ManagementPort.IsUsedBy(http)
           || (!ManagementPort.IsElsewhere(http)
               && await http.RequestServices.GetRequiredService<OperatorAccess>().IsOperatorAsync(http));

    private static Dictionary<string, CheckDto> ChecksOf(HealthReport report) => report.Entries.ToDictionary(
        check => check.Key,
        check => new CheckDto(
            check.Value.Status == HealthStatus.Healthy, check.Value.Status.Text(), check.Value.Description));

    private sealed record CheckDto(bool Healthy, string Status, string? Detail);
}
