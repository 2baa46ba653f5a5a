using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Features.ClearDeduplicationCache;
using Gateway.EventsGateway.Features.PurgeEvents;
using Gateway.Shared;
using Gateway.Shared.Hosting;
using Gateway.Shared.Options;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway;

/// <summary>What operators order, what is written down of it, and what goes by itself in time.</summary>
public static partial class EventsGatewayModule
{
    private static void AddOperatorApi(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddSingleton<AuditWriter>();
        services.AddRoutesOnlyWhen(controller => controller == typeof(ClearDeduplicationCacheController), _ => gateway.Profile == GatewayProfile.Distributed);
        services.AddValidatedOptions<RetentionOptions>(RetentionOptions.Section);
        if (gateway.HasWorker) services.AddHostedService<EventsPurger>();
    }
}
