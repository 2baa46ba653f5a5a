using Gateway.Shared.Health;
using Gateway.Shared.Time;
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
        app.MapMethods("/health/ready", GetOrHead, ReadyAsync).WithTags("Health");
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, HttpContext http)
    {
        var report = await readiness.AskAsync();
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new
            {
                status = readiness.StatusOf(report),
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
