using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Routing;
using Gateway.Shared;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>Metrics and traces. Monitoring references no slice; this file connects the gauges with the worker.</summary>
public static partial class EventsGatewayModule
{
    private static void AddTelemetry(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddSingleton<GatewayMetrics>().AddSingleton<RejectedRequestLog>().AddSingleton<Backlog>();
        services.AddSingleton<ConflictTelemetry>();
        services.AddSingleton(provider => new GatewayTracing(NamesOf(gateway, provider)));
        services.AddHostedService<GatewayGauges>();
        if (gateway.HasWorker) services.AddSingleton(WorkerGaugesOf);
    }

    private static WorkerGauges WorkerGaugesOf(IServiceProvider provider)
    {
        var attempts = provider.GetRequiredService<AttemptRunner>();
        var circuit = provider.GetRequiredService<RoutingCircuitBreaker>();
        return new WorkerGauges(() => attempts.InFlight, () => attempts.Slots, () => circuit.IsClosed);
    }

    private static Action<int> GroupsOf(this IServiceProvider provider, string group)
    {
        var metrics = provider.GetRequiredService<GatewayMetrics>();
        return size => metrics.RecordGroup(group, size);
    }

    private static QueueNames NamesOf(GatewayOptions gateway, IServiceProvider provider)
    {
        if (gateway.Profile == GatewayProfile.Embedded) return new QueueNames("sqlite", "events");
        var options = provider.GetRequiredService<IOptions<RabbitMqOptions>>().Value;
        return new QueueNames("rabbitmq", options.PublishFormat == PublishFormat.Nest ? options.NestQueueOrDefault : options.Queue);
    }
}
