using Gateway.Shared.Hosting;
using Gateway.Shared.Mediation;
using Gateway.Shared.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.RoutingService;

/// <summary>
/// The routing service of the original, as a stub: something to call in development, in drills and under load.
/// Unlike the original it keeps its word per <c>Idempotency-Key</c>, can fail on purpose and counts its answers.
/// </summary>
public static class RoutingServiceModule
{
    public static IServiceCollection AddRoutingService(this IServiceCollection services)
    {
        services.AddValidatedOptions<RoutingServiceOptions>(RoutingServiceOptions.Section);
        services.AddHandlersOf(typeof(RoutingServiceModule).Assembly);
        services.AddSingleton<RoutingLedger>();
        services.AddRoutesOnlyWhen(
            controller => controller.Assembly == typeof(RoutingServiceModule).Assembly,
            provider => provider.GetRequiredService<IOptions<RoutingServiceOptions>>().Value.Enabled);
        return services;
    }
}
