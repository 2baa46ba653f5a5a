using Gateway.EventsGateway;
using Gateway.Host.OpenApi;
using Gateway.RoutingService;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Host;

/// <summary>The answers to requests that reach no endpoint, because of their path, verb or media type.</summary>
internal static class UnroutedRequests
{
    private static readonly string[] PathsOfOriginal =
    [
        "", EventsGatewayModule.IngestPath, RoutingServiceModule.Path, "/health", ApiDocs.Path,
        ApiDocs.DocumentPath,
    ];

    public static Task AnswerAsync(HttpContext http)
    {
        var status = http.Response.StatusCode;
        var isOtherVerb = status == StatusCodes.Status405MethodNotAllowed;
        if (status != StatusCodes.Status404NotFound && !(isOtherVerb && IsAnswered404(http)))
        {
            return ProblemBody.WriteAsync(
                http, status, MessageOf(status), detail: isOtherVerb ? $"allowed: {http.Response.Headers.Allow}" : null);
        }

        // As in the original, a verb that is not routed is answered like a path that is not.
        http.Response.Headers.Remove("Allow");
        return ProblemBody.WriteAsync(
            http, StatusCodes.Status404NotFound, ProblemBody.CannotServe(http),
            detail: EventsGatewayModule.ServesIngest(http.RequestServices)
                && !ManagementPort.IsUsedBy(http)
                ? $"webhooks are accepted by POST {EventsGatewayModule.IngestPath}"
                : null);
    }

    /// <summary>The paths of the original, and all where the operator API is hidden.</summary>
    private static bool IsAnswered404(HttpContext http)
        => http.RequestServices.GetRequiredService<OperatorAccess>().IsOff || ManagementPort.IsElsewhere(http)
           || Array.Exists(PathsOfOriginal, path => http.Request.Path.Equals(path) || http.Request.Path.Equals(path + "/"));

    // curl sends every body as a form unless a content type is given.
    private static string MessageOf(int status) => status == StatusCodes.Status415UnsupportedMediaType
        ? "Only application/json is accepted"
        : ReasonPhrases.GetReasonPhrase(status);
}
