using System.Reflection;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared;
using Gateway.Shared.Mediation;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway;

public static partial class EventsGatewayModule
{
    /// <summary>Where the signature of a webhook travels.</summary>
    public const string SignatureHeader = HmacMiddleware.Header;

    /// <summary>The name of this module's meter and of its source of spans.</summary>
    public const string TelemetryName = GatewayMetrics.MeterName;

    public static IServiceCollection AddEventsGateway(this IServiceCollection services, IConfiguration configuration)
    {
        var gateway = GatewayOptions.Of(configuration);
        services.AddHandlersOf(Assembly.GetExecutingAssembly());
        if (gateway.Profile == GatewayProfile.Embedded) services.AddEmbeddedProfile();
        else services.AddDistributedProfile();
        services.AddTelemetry(gateway);
        services.AddOperatorApi(gateway);
        services.AddIngest();
        services.AddWorker(gateway);
        services.AddHealth(gateway, configuration);
        services.AddConsole();
        return services;
    }

    /// <summary>After routing, before the endpoints: the signature is checked for the endpoint that was chosen.</summary>
    public static IApplicationBuilder UseEventsGateway(this IApplicationBuilder app) => app.UseMiddleware<HmacMiddleware>();
}
