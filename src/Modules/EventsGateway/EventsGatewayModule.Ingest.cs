using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Queue;
using Gateway.Shared;
using Gateway.Shared.Hosting;
using Gateway.Shared.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>The ingest path: everything from the request of a webhook to the durable event.</summary>
public static partial class EventsGatewayModule
{
    private static void AddIngest(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddRoutesOnlyWhen(controller => controller == typeof(ReceiveEventController), ServesIngest);
        services.AddValidatedOptions<WebhookOptions>(WebhookOptions.Section);
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookSecretValidator>();
        services.AddSingleton<WebhookSignature>().AddSingleton<BodyBudget>().AddSingleton<SenderLimits>();
        services.AddSingleton<ReceiveEventTelemetry>();
        services.AddSingleton<KeptHeaders>();
        services.AddHostedService<ServerRejections>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<WebhookOptions>>().Value;
            return new GroupCommit<AcceptedEvent, EnqueueResult>(
                provider.GetRequiredService<IEventQueue>().EnqueueAsync,
                e => e.Body.Length + (2 * (e.Headers?.Length ?? 0)),
                new GroupCommitOptions
                {
                    Committers = gateway.CommittersOf(options.Committers),
                    MaxGroup = options.MaxGroup,
                    MaxWaiting = options.MaxWaiting,
                    MaxWaitingBytes = options.MaxWaitingBytes,
                    Deadline = options.Deadline,
                    OnGroup = provider.GroupsOf("ingest"),
                },
                provider.GetRequiredService<TimeProvider>());
        });
    }
}
