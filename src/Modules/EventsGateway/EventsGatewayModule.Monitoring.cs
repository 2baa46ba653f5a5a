using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Features.StoreQueuedEvents;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Monitoring.History;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared;
using Gateway.Shared.Health;
using Gateway.Shared.Idempotency;
using Gateway.Shared.Options;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>
/// Metrics, traces and health checks: one check for each backend that this process uses and one for each kind of work. Monitoring
/// knows no slice, so its sources are connected here.
/// </summary>
public static partial class EventsGatewayModule
{
    private static void AddMonitoring(this IServiceCollection services, GatewayOptions gateway, IConfiguration configuration)
    {
        services.AddSingleton<GatewayMetrics>().AddSingleton<LiveMetrics>().AddSingleton<Backlog>();
        services.AddSingleton<HistoryRecorder>().AddSingleton<HistoryReader>().AddHostedService<HistoryWriter>();
        services.AddSingleton<RejectedRequestLog>().AddSingleton<ConflictTelemetry>().AddSingleton<SourceLedger>();
        services.AddSingleton(provider => new GatewayTracing(NamesOf(gateway, provider)));
        services.AddHostedService<GatewayGauges>();
        if (gateway.HasWorker) services.AddSingleton(WorkerGaugesOf);
        services.AddHostedService<TrafficSummary>();
        services.AddSingleton<ProcessHeartbeat>().AddHostedService(Port<ProcessHeartbeat>).AddSingleton<OtherProcesses>();
        services.AddHealth(gateway, configuration);
    }

    private static WorkerGauges WorkerGaugesOf(IServiceProvider provider)
    {
        var attempts = Port<AttemptRunner>(provider);
        var circuit = Port<RoutingCircuits>(provider);
        return new WorkerGauges(
            () => attempts.InFlight, () => attempts.Slots, () => circuit.IsClosed, () => circuit.OpenMerchants);
    }

    private static void AddHealth(this IServiceCollection services, GatewayOptions gateway, IConfiguration configuration)
    {
        services.AddValidatedOptions<HealthOptions>(HealthOptions.Section).Validate<IOptions<ProcessingOptions>>(
            // A worker whose attempts all take their longest time is slow, not stalled.
            (health, processing) => health.NoProgressFor >= processing.Value.AttemptTimeout + ProcessingOptions.Margin,
            $"{HealthOptions.Section}:NoProgressFor: must be {ProcessingOptions.Margin} longer than "
            + $"{ProcessingOptions.Section}:AttemptTimeout");
        services.AddSingleton<ProgressWatchdog>().AddSingleton<LagHealthCheck>().AddSingleton<IngestHealthCheck>();
        if (gateway.HasIngest)
            services.AddHealthChecks().Add(new HealthCheckRegistration("ingest", Port<IngestHealthCheck>, null, null));
        if (gateway.Profile == GatewayProfile.Embedded) services.AddEmbeddedChecks();
        else services.AddDistributedChecks(gateway);
        if (gateway.HasWorker)
        {
            services.AddSingleton<UnroutedHealthCheck>();
            services.AddHealthChecks().AddCheck<WorkerHealthCheck>("worker")
                .Add(new HealthCheckRegistration("unrouted", Port<UnroutedHealthCheck>, null, null));
        }

        if (!gateway.HasWorker && !NamesAStore(configuration)) return;
        services.AddHostedService<BacklogMonitor>();
        if (HasSources(configuration)) services.AddHostedService<ContainerMonitor>();
        services.AddHealthChecks().Add(new HealthCheckRegistration("lag", Port<LagHealthCheck>, null, null));
    }

    private static void AddEmbeddedChecks(this IServiceCollection services)
        => services.AddBackendCheck("sqlite", provider => Check(
            provider, Port<IEventRepository>(provider).ProbeAsync,
            () => "accepts events", "ingest answers 503 and no event is processed"));

    private static void AddDistributedChecks(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddBackendCheck("rabbitmq", provider => Check(
            provider, Port<IEventQueue>(provider).ProbeAsync,
            () => $"accepts events at {NodeOf(provider)}", "ingest answers 503"));
        services.AddBackendCheck(
            "redis", provider => Check(
                provider, Port<IIdempotencyService>(provider).ProbeAsync,
                () => "filters duplicates", "duplicates reach the store, which detects them"),
            HealthStatus.Degraded);
        if (!gateway.HasWorker) return;
        services.AddBackendCheck("mongodb", provider => Check(
            provider, Port<IEventRepository>(provider).ProbeAsync,
            () => "stores events", "the queue keeps new events and no event is processed"));
        services.AddHealthChecks().AddCheck<QueueReaderHealthCheck>("queue-reader");
    }

    private static T Port<T>(IServiceProvider provider) where T : notnull => provider.GetRequiredService<T>();

    private static PortHealthCheck Check(IServiceProvider provider, Func<Task> probe, Func<string> healthyText, string impact)
        => new(probe, healthyText, impact, Port<TimeProvider>(provider));

    private static string? NodeOf(IServiceProvider provider)
        => provider.GetRequiredKeyedService<RabbitMqConnection>(RabbitMqConnection.Publish).Node;

    private static Action<int> GroupsOf(this IServiceProvider provider, string group)
    {
        var metrics = Port<GatewayMetrics>(provider);
        return size => metrics.RecordGroup(group, size);
    }

    private static QueueNames NamesOf(GatewayOptions gateway, IServiceProvider provider)
    {
        if (gateway.Profile == GatewayProfile.Embedded) return new QueueNames("sqlite", "events");
        var options = Port<IOptions<RabbitMqOptions>>(provider).Value;
        return new QueueNames(
            "rabbitmq", options.PublishFormat == PublishFormat.Nest ? options.NestQueueOrDefault : options.Queue);
    }
}
