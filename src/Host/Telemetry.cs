using Gateway.EventsGateway;
using Gateway.Shared.Options;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Host;

/// <summary>
/// Where the numbers, spans and lines of this process go: /metrics, and a collector when one of the standard variables names it.
/// What is not wanted is not built, so it costs nothing.
/// </summary>
internal static class Telemetry
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>Asked by machines every few seconds, or open for hours.</summary>
    private static readonly PathString[] Untraced = ["/health", "/metrics", "/console/live"];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<TelemetryOptions>(TelemetryOptions.Section);
        if (builder.Configuration.IsOff()) return;
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService(builder.Configuration["OTEL_SERVICE_NAME"] ?? "gateway", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3))
            .AddEnvironmentVariableDetector());
        var (isServed, isSent) = (builder.Configuration.ServesMetrics(), builder.Configuration.Sends("METRICS"));
        if (isServed || isSent) telemetry.WithMetrics(metrics => metrics.AddNumbers());
        if (isServed) telemetry.WithMetrics(metrics => metrics.AddPrometheusExporter());
        if (isSent) telemetry.WithMetrics(metrics => metrics.AddOtlpExporter());
        if (builder.Configuration.Sends("TRACES")) telemetry.WithTracing(tracing => tracing.AddSpans().AddOtlpExporter());
        if (builder.Configuration.Sends("LOGS")) telemetry.WithLogging(logs => logs.AddOtlpExporter(), logs => logs.IncludeFormattedMessage = true);
    }

    public static void MapMetrics(this WebApplication app)
    {
        if (!app.Configuration.IsOff() && app.Configuration.ServesMetrics()) app.MapPrometheusScrapingEndpoint();
    }

    private static MeterProviderBuilder AddNumbers(this MeterProviderBuilder metrics)
        => metrics
            .AddMeter(EventsGatewayModule.TelemetryName, "System.Runtime", Kestrel)
            // Its others cost time at every connection and tell nothing that ours do not.
            .AddView(instrument => instrument.Meter.Name == Kestrel && instrument.Name is not ("kestrel.active_connections" or "kestrel.queued_connections")
                ? MetricStreamConfiguration.Drop
                : null);

    private static TracerProviderBuilder AddSpans(this TracerProviderBuilder tracing)
        => tracing
            .AddSource(EventsGatewayModule.TelemetryName)
            .AddAspNetCoreInstrumentation(server => server.Filter = http => !Array.Exists(Untraced, path => http.Request.Path.StartsWithSegments(path)))
            .AddHttpClientInstrumentation();

    private static bool IsOff(this IConfiguration configuration)
        => string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);

    private static bool ServesMetrics(this IConfiguration configuration)
        => !bool.TryParse(configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.Metrics)}"], out var isWanted) || isWanted;

    private static bool Sends(this ConfigurationManager configuration, string signal)
        => !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])
           || !string.IsNullOrEmpty(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]);
}
