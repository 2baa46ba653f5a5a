using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Features.ClearDeduplicationCache;
using Gateway.EventsGateway.Features.Console;
using Gateway.EventsGateway.Features.Console.Live;
using Gateway.EventsGateway.Features.Console.Page;
using Gateway.EventsGateway.Features.Console.Session;
using Gateway.EventsGateway.Features.EraseEvents;
using Gateway.EventsGateway.Features.PurgeEvents;
using Gateway.EventsGateway.Features.TrySource;
using Gateway.EventsGateway.NestInterop.Return;
using Gateway.Shared;
using Gateway.Shared.Hosting;
using Gateway.Shared.Options;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway;

/// <summary>The operator API, its audit log, the console, and retention.</summary>
public static partial class EventsGatewayModule
{
    private static readonly Type[] ConsoleControllers =
        [typeof(ConsolePageController), typeof(ConsoleSessionController), typeof(LiveController)];

    private static void AddOperatorApi(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddSingleton<AuditWriter>().AddSingleton<ContainerSearch>().AddSingleton<BuiltInTry>();
        services.AddRoutesOnlyWhen(
            controller => controller == typeof(ClearDeduplicationCacheController) || controller == typeof(ReturnController),
            _ => gateway.Profile == GatewayProfile.Distributed);
        services.AddValidatedOptions<RetentionOptions>(RetentionOptions.Section);
        if (gateway.HasWorker) services.AddHostedService<EventsPurger>();
    }

    private static void AddConsole(this IServiceCollection services)
    {
        services.AddValidatedOptions<ConsoleOptions>(ConsoleOptions.Section);
        services.AddRoutesOnlyWhen(ConsoleControllers.Contains, ServesConsole);
        services.AddHostedService<EndedSessionsReader>();
        services.AddSingleton<LiveSampler>().AddSingleton<LiveHealthCache>().AddSingleton<LiveState>().AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
    }
}
