using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Features.ExpireEvents;
using Gateway.EventsGateway.Features.ForgetSeen;
using Gateway.Shared;
using Gateway.Shared.Options;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Parts;

/// <summary>What operators order, what is written down of it, and what goes by itself in time.</summary>
internal static class OperatorParts
{
    public static void AddOperatorApi(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddSingleton<AuditTrail>();
        services.AddRoutesOnlyWhen(controller => controller == typeof(ForgetSeenController), _ => gateway.Profile == GatewayProfile.Distributed);
        services.AddValidatedOptions<RetentionOptions>(RetentionOptions.Section);
        if (gateway.HasWorker) services.AddHostedService<EventsSweeper>();
    }
}
