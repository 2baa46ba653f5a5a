using Gateway.Host.OpenApi;
using Gateway.Shared.Operator;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

/// <summary>
/// With a management port, what operators and the platform use answers there alone, and webhooks answer on the other one alone.
/// By the port that the connection came to: RequireHost of ASP.NET Core compares the header Host, which a client chooses.
/// </summary>
internal static class ManagementPort
{
    /// <summary>On both ports: probes, and the pages without data.</summary>
    private static readonly PathString[] OnBoth = ["/health", ApiDocs.Path, ApiDocs.DocumentPath];

    public static int Of(IServiceProvider services) => services.GetRequiredService<IOptions<AppOptions>>().Value.ManagementPort;

    /// <summary>Of a process with one.</summary>
    public static bool IsUsedBy(HttpContext http)
        => Of(http.RequestServices) is > 0 and var port && http.Connection.LocalPort == port;

    /// <summary>The operator API is on the other port.</summary>
    public static bool IsElsewhere(HttpContext http)
        => Of(http.RequestServices) is > 0 and var port && http.Connection.LocalPort != port;

    /// <summary>After routing.</summary>
    public static void UseManagementPort(this WebApplication app)
    {
        if (Of(app.Services) is not (> 0 and var port)) return;
        app.Use((http, next) =>
        {
            var endpoint = http.GetEndpoint();
            var isForManagement = endpoint?.Metadata.GetMetadata<IManagementEndpoint>() is not null;
            // An endpoint without a route answers 405 or 415.
            var isHere = http.Connection.LocalPort == port
                ? isForManagement || endpoint is not (null or RouteEndpoint)
                    || Array.Exists(OnBoth, path => http.Request.Path.StartsWithSegments(path))
                : !isForManagement;
            if (isHere) return next(http);
            http.SetEndpoint(null);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}

/// <summary>Marks an endpoint that is no controller.</summary>
internal sealed class ManagementEndpoint : IManagementEndpoint;
