using Gateway.Shared.Health;
using Gateway.Shared.Hosting;
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
        return Results.Json(
            new
            {
                status = readiness.StatusOf(report),
                version = ProductVersion.Text,
                checks = report.Entries.ToDictionary(
                    check => check.Key,
                    check => new
                    {
                        healthy = check.Value.Status == HealthStatus.Healthy,
                        status = check.Value.Status.Text(),
                        detail = check.Value.Description,
                    }),
            },
            statusCode: readiness.IsReady(report) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
