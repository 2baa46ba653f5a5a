using Gateway.Shared.Hosting;
using Gateway.Shared.Mediation;
using Gateway.Shared.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.RoutingService;

/// <summary>
/// The routing service of the original as a stub, for development, drills and load tests. Unlike the original it answers an
/// <c>Idempotency-Key</c> always with the same route, can fail on purpose and counts its answers.
/// </summary>
public static class RoutingServiceModule
{
    public const string EnabledKey = $"{RoutingServiceOptions.Section}:{nameof(RoutingServiceOptions.Enabled)}";

    public const string Path = "/v1/routing-service";

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
