using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Features.StoreQueuedEvents;
using Gateway.EventsGateway.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Monitoring;

/// <summary>Telemetry that nobody listens to, for tests that are about something else.</summary>
internal static class NullTelemetry
{
    public static readonly GatewayMetrics Metrics =
        ActivatorUtilities.CreateInstance<GatewayMetrics>(new ServiceCollection().AddMetrics().BuildServiceProvider());

    public static readonly GatewayTracing Tracing = new(new QueueNames("none", "none"));

    public static Conflicts Conflicts => new(Metrics, new RejectedRequestLog(), TimeProvider.System, NullLogger<Conflicts>.Instance);

    public static ReceiveEventTelemetry Door => new(Metrics, new RejectedRequestLog(), Options.Create(new WebhookOptions()), TimeProvider.System);

    public static StoreQueuedEventsTelemetry Intake => new(Metrics, Tracing, Conflicts, NullLogger<StoreQueuedEventsTelemetry>.Instance);

    public static ProcessEventTelemetry Worker(TimeProvider time) => new(Metrics, Tracing, time, NullLogger<ProcessEventTelemetry>.Instance);
}
