using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Features.StoreQueuedEvents;
using Gateway.EventsGateway.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.EventsGateway.Tests.Monitoring;

/// <summary>Telemetry without listeners, for tests of something else.</summary>
internal static class NullTelemetry
{
    public static readonly GatewayMetrics Metrics =
        ActivatorUtilities.CreateInstance<GatewayMetrics>(new ServiceCollection().AddMetrics().BuildServiceProvider());

    public static readonly GatewayTracing Tracing = new(new QueueNames("none", "none"));

    public static ReceiveEventTelemetry Ingest => new(
        Metrics, Tracing, Rejected(TimeProvider.System), Conflicts, new SourceLedger(TimeProvider.System),
        new IngestHealthCheck(TimeProvider.System), TimeProvider.System, NullLogger<ReceiveEventTelemetry>.Instance);

    public static StoreQueuedEventsTelemetry QueueReader
        => new(Metrics, Tracing, Conflicts, NullLogger<StoreQueuedEventsTelemetry>.Instance);

    private static ConflictTelemetry Conflicts
        => new(Metrics, Rejected(TimeProvider.System), TimeProvider.System, NullLogger<ConflictTelemetry>.Instance);

    public static RejectedRequestLog Rejected(TimeProvider time) => new(time);

    public static ProcessEventTelemetry Worker(TimeProvider time)
        => new(Metrics, new FailedMerchants(), Tracing, time, NullLogger<ProcessEventTelemetry>.Instance);
}
