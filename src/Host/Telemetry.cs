using Gateway.EventsGateway;
using Gateway.Shared.Hosting;
using Gateway.Shared.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Host;

/// <summary>
/// Exports metrics, spans and logs: /metrics, and an OTLP collector if a standard variable names one. A signal that is off is
/// not registered and costs nothing.
/// </summary>
internal static class Telemetry
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    private static readonly string[] KestrelKept =
        ["kestrel.active_connections", "kestrel.queued_connections", "kestrel.rejected_connections"];

    /// <summary>Requested by machines every few seconds, or open for hours.</summary>
    private static readonly PathString[] Untraced = ["/health", "/metrics", EventsGatewayModule.LivePath];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<TelemetryOptions>(TelemetryOptions.Section);
        if (builder.Configuration.IsOff()) return;
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService(builder.Configuration["OTEL_SERVICE_NAME"] ?? "gateway", ProductVersion.Text)
            .AddEnvironmentVariableDetector());
        var (isServed, isSent) = (builder.Configuration.ServesMetrics(), builder.Configuration.Sends("METRICS"));
        if (isServed || isSent) telemetry.WithMetrics(metrics => metrics.AddMeters());
        if (isServed) telemetry.WithMetrics(metrics => metrics.AddPrometheusExporter());
        if (isSent) telemetry.WithMetrics(metrics => metrics.AddOtlpExporter(builder.Configuration.To("METRICS")));
        if (builder.Configuration.Sends("TRACES"))
            telemetry.WithTracing(tracing => tracing.AddSpans().AddOtlpExporter(builder.Configuration.To("TRACES")));
        if (builder.Configuration.Sends("LOGS"))
        {
            telemetry.WithLogging(
                logs => logs.AddOtlpExporter(builder.Configuration.To("LOGS")), logs => logs.IncludeFormattedMessage = true);
        }
    }

    public static void MapMetrics(this WebApplication app)
    {
        if (!app.Configuration.IsOff() && app.Configuration.ServesMetrics())
            app.MapPrometheusScrapingEndpoint().WithMetadata(new ManagementEndpoint());
    }

    private static MeterProviderBuilder AddMeters(this MeterProviderBuilder metrics)
        => metrics
            .AddMeter(EventsGatewayModule.TelemetryName, "System.Runtime", Kestrel)
            // Kestrel's other instruments cost time per connection and measure the same as those of the gateway.
            .AddView(instrument => instrument.Meter.Name == Kestrel && !KestrelKept.Contains(instrument.Name)
                ? MetricStreamConfiguration.Drop
                : null);

    private static TracerProviderBuilder AddSpans(this TracerProviderBuilder tracing)
        => tracing
            .AddSource(EventsGatewayModule.TelemetryName)
            .AddAspNetCoreInstrumentation(server => server.Filter = http =>
                !Array.Exists(Untraced, path => http.Request.Path.StartsWithSegments(path)))
            .AddHttpClientInstrumentation();

    private static bool IsOff(this IConfiguration configuration)
        => string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);

    private static bool ServesMetrics(this IConfiguration configuration)
        => !bool.TryParse(configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.Metrics)}"], out var isWanted)
            || isWanted;

    private static bool Sends(this ConfigurationManager configuration, string signal)
        => !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])
            || !string.IsNullOrEmpty(configuration[EndpointOf(signal)]);

    // The exporter itself reads only the address that all signals share.
    private static Action<OtlpExporterOptions> To(this ConfigurationManager configuration, string signal) => exporter =>
    {
        if (Uri.TryCreate(configuration[EndpointOf(signal)], UriKind.Absolute, out var endpoint)) exporter.Endpoint = endpoint;
    };

    private static string EndpointOf(string signal) => $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";
}

public sealed class TelemetryOptions
{
    public const string Section = "Gateway:Telemetry";

    /// <summary>Collects metrics and serves /metrics.</summary>
    public bool Metrics { get; set; } = true;
}
