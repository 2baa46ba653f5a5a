using Gateway.EventsGateway.Features.ShowConsole;
using Gateway.Shared;
using Gateway.Shared.Operator;
using Gateway.Shared.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>The page for operators. Where it is off none of its routes is there.</summary>
internal static class ConsoleParts
{
    private static readonly Type[] Controllers = [typeof(ConsolePageController), typeof(ConsoleSessionController)];

    public static void AddConsole(this IServiceCollection services)
    {
        services.AddValidatedOptions<ConsoleOptions>(ConsoleOptions.Section);
        services.AddRoutesOnlyWhen(Controllers.Contains, IsOn);
        services.AddSingleton<WrongKeys>();
    }

    private static bool IsOn(IServiceProvider provider)
        => provider.GetRequiredService<IOptions<ConsoleOptions>>().Value.Enabled && !provider.GetRequiredService<OperatorAccess>().IsOff;
}
