using System.Reflection;
using Gateway.EventsGateway.Features.Console;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Features.ReceiveEvent.FromSource;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Routing;
using Gateway.Shared;
using Gateway.Shared.Mediation;
using Gateway.Shared.Operator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>The composition of this module, and everything about it that the host needs to know.</summary>
public static partial class EventsGatewayModule
{
    public const string IngestPath = "/v1/events-gateway";
    public const string EventsPath = $"{IngestPath}/events";
    public const string ConsolePath = "/console";

    /// <summary>A response here stays open for as long as the console.</summary>
    public const string LivePath = $"{ConsolePath}/live";

    /// <summary>The header with the signature of a webhook.</summary>
    public const string SignatureHeader = HmacMiddleware.Header;

    /// <summary>The name of this module's meter and activity source.</summary>
    public const string TelemetryName = GatewayMetrics.MeterName;

    public const string RoutingUrlKey = $"{RoutingOptions.Section}:{nameof(RoutingOptions.Url)}";

    public static IServiceCollection AddEventsGateway(this IServiceCollection services, IConfiguration configuration)
    {
        var gateway = GatewayOptions.Of(configuration);
        services.AddHandlersOf(Assembly.GetExecutingAssembly());
        if (gateway.Profile == GatewayProfile.Embedded) services.AddEmbeddedProfile();
        else services.AddDistributedProfile(gateway, configuration);
        services.AddMonitoring(gateway, configuration);
        services.AddSources(gateway, configuration);
        services.AddFindings(configuration);
        services.AddIngest(gateway);
        // A host stops its services in reverse order: the worker drains before a running purge ends.
        services.AddOperatorApi(gateway);
        services.AddWorker(gateway);
        services.AddConsole();
        return services;
    }

    /// <summary>After routing and before the endpoints, because the endpoint decides whether the signature is checked.</summary>
    public static IApplicationBuilder UseEventsGateway(this IApplicationBuilder app)
        => app.UseMiddleware<HmacMiddleware>().UseMiddleware<SourceMiddleware>();

    public static bool ServesIngest(IServiceProvider services)
        => services.GetRequiredService<IOptions<GatewayOptions>>().Value.HasIngest;

    /// <summary>For the samples of Development.</summary>
    public static string WebhookSecret(IServiceProvider services)
        => services.GetRequiredService<IOptions<WebhookOptions>>().Value.Secret;

    public static bool ServesConsole(IServiceProvider services)
        => services.GetRequiredService<IOptions<ConsoleOptions>>().Value.Enabled
            && !services.GetRequiredService<OperatorAccess>().IsOff;
}
