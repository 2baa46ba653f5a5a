using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Routing;
using Gateway.Shared;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>Where the numbers come from: telemetry knows no slice, so they are brought together here.</summary>
public static partial class EventsGatewayModule
{
    private static void AddTelemetry(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddSingleton<GatewayMetrics>().AddSingleton<GatewayGauges>().AddSingleton<RejectedRequestLog>().AddSingleton<Backlog>();
        services.AddSingleton<Conflicts>();
        services.AddSingleton(provider => new GatewayTracing(NamesOf(gateway, provider)));
        services.AddHostedService<Connecting>();
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

    /// <summary>Before anything works, so that the first scrape finds every name.</summary>
    private sealed class Connecting(
        GatewayMetrics metrics, GatewayGauges gauges, IOptions<GatewayOptions> gateway, IServiceProvider provider) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            metrics.BeginAtZero();
            if (!gateway.Value.HasWorker) return Task.CompletedTask;
            var attempts = provider.GetRequiredService<AttemptRunner>();
            var breaker = provider.GetRequiredService<RoutingCircuitBreaker>();
            gauges.InFlight = () => attempts.InFlight;
            gauges.Slots = () => attempts.Slots;
            gauges.IsBreakerClosed = () => breaker.IsClosed;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
