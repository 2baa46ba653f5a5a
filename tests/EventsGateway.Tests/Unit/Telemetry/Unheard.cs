using Gateway.EventsGateway.Features.IntakeEvents;
using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Unit.Telemetry;

/// <summary>Telemetry that nobody listens to, for tests that are about something else.</summary>
internal static class Unheard
{
    public static readonly GatewayMetrics Metrics =
        ActivatorUtilities.CreateInstance<GatewayMetrics>(new ServiceCollection().AddMetrics().BuildServiceProvider());

    public static readonly GatewayTracing Tracing = new(new QueueNames("none", "none"));

    public static Conflicts Conflicts => new(Metrics, new Refusals(), TimeProvider.System, NullLogger<Conflicts>.Instance);

    public static DoorWatch Door => new(Metrics, new Refusals(), Options.Create(new WebhookOptions()), TimeProvider.System);

    public static IntakeWatch Intake => new(Metrics, Tracing, Conflicts, NullLogger<IntakeWatch>.Instance);

    public static WorkerWatch Worker(TimeProvider time) => new(Metrics, Tracing, time, NullLogger<WorkerWatch>.Instance);
}
