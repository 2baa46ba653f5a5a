using Gateway.EventsGateway.Features.Console;
using Gateway.EventsGateway.Features.Console.Live;
using Gateway.EventsGateway.Features.Console.Page;
using Gateway.EventsGateway.Features.Console.Session;
using Gateway.Shared.Hosting;
using Gateway.Shared.Operator;
using Gateway.Shared.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>The page for operators. Where it is off none of its routes is there.</summary>
public static partial class EventsGatewayModule
{
    private static readonly Type[] Controllers = [typeof(ConsolePageController), typeof(ConsoleSessionController), typeof(LiveController)];

    private static void AddConsole(this IServiceCollection services)
    {
        services.AddValidatedOptions<ConsoleOptions>(ConsoleOptions.Section);
        services.AddRoutesOnlyWhen(Controllers.Contains, IsOn);
        services.AddSingleton<LoginThrottle>();
        services.AddSingleton<LiveMetrics>().AddSingleton<LiveSampler>().AddSingleton<LiveHealthCache>().AddSingleton<LiveState>();
        services.AddSingleton<LiveFeed>();
        // Where nobody can look, nothing is taken: then an event costs not even that.
        services.AddSingleton<IHostedService>(provider => IsOn(provider) ? provider.GetRequiredService<LiveFeed>() : new Nothing());
    }

    private static bool IsOn(IServiceProvider provider)
        => provider.GetRequiredService<IOptions<ConsoleOptions>>().Value.Enabled && !provider.GetRequiredService<OperatorAccess>().IsOff;

    private sealed class Nothing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
