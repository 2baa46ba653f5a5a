using System.Text.Json.Serialization;
using Gateway.Shared.Health;
using Gateway.Shared.Hosting;
using Gateway.Shared.Operator;
using Gateway.Shared.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Host;

internal static class HealthEndpoints
{
    public const string Tag = "Health";

    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// <c>/</c> and <c>/health</c> answer exactly as the original did. Liveness and readiness are for the platform that runs the
    /// process, and name its version.
    /// </summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapMethods("/", GetOrHead, () => new { status = "ok" }).ExcludeFromDescription();
        app.MapMethods("/health", GetOrHead, (TimeProvider time) => new HealthDto("ok", IsoTime.Text(time.GetUtcNow())))
            .WithTags(Tag).WithName("health");
        app.MapMethods("/health/live", GetOrHead, () => new LivenessDto("ok", ProductVersion.Text, ProductVersion.Commit))
            .WithTags(Tag).WithName("live");
        app.MapMethods("/health/ready", GetOrHead, ReadyAsync).WithTags(Tag).WithName("ready")
            .Produces<ReadinessDto>().Produces<ReadinessDto>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, HttpContext http)
    {
        var report = await readiness.CheckAsync();
        http.Response.Headers.CacheControl = "no-store";
        var status = readiness.StatusOf(report);
        return Results.Json(
            await ShowsDetailsAsync(http)
                ? new ReadinessDto(status, ProductVersion.Text, ChecksOf(report))
                : new ReadinessDto(status),
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

    private sealed record HealthDto(string Status, string Timestamp);

    private sealed record LivenessDto(string Status, string Version, string? Commit);

    /// <summary>Version and checks are for operators.</summary>
    private sealed record ReadinessDto(
        string Status,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Version = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyDictionary<string, CheckDto>? Checks = null);

    private sealed record CheckDto(bool Healthy, string Status, string? Detail);
}
