using System.Diagnostics;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Templates;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.EventsGateway.Features.ReceiveEvent.FromSource;

/// <summary>
/// Receives the requests of configured sources. Their paths are configuration and can change while the process runs, so they are
/// no endpoints. The order is 404, 413, handshake, 401, 415, then mapped or unmapped.
/// </summary>
internal sealed class SourceMiddleware(
    RequestDelegate next, CurrentSources sources, IMediator mediator, BodyBudget budget, SenderLimits limits,
    ReceiveEventTelemetry telemetry, TimeProvider time)
{
    public Task InvokeAsync(HttpContext http)
        => http.GetEndpoint() is null && sources.Table.Find(TargetOf(http)) is { Source.Verifier: not null } match
            ? ReceiveAsync(http, match)
            : next(http);

    private static string TargetOf(HttpContext http) => http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private async Task ReceiveAsync(HttpContext http, SourceMatch match)
    {
        HidePath(match.Source);
        var values = new RequestValues(http.Request.Headers, http.Request.Query, match.Route);
        using var request = new SourceRequest(http, match.Source, values, budget, telemetry);
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            if (HttpMethods.IsGet(http.Request.Method) && Handshakes.OfQuery(match.Source, values) is { } answer)
                await request.AnswerAsync(answer);
            else Allow(http);
            return;
        }

        await request.AnswerAsync(await ResultOfAsync(http, request, match.Source, values));
    }

    private async Task<SourceResult> ResultOfAsync(HttpContext http, SourceRequest request, Source source, RequestValues values)
    {
        if (await request.ReadAsync() is { } rejection) return Unverified(rejection);
        if (Handshakes.OfBody(source, values, request.Body) is { } answer) return answer;
        var now = time.GetUtcNow();
        var proof = source.Verifier!.Verify(values, request.Body, now);
        if (proof.SecretId is not { } secretId) return Unverified(Rejection.OfProof(proof.Reason, proof.Detail));
        request.Verified();
        if (limits.Verified(source.Name) is { } tooMany) return new SourceResult.Rejected(tooMany);
        if (JsonMediaType.IsCompressed(http.Request.Headers)) return new SourceResult.Rejected(Rejection.Compressed);
        var mapped = source.Mapping.Map(values, request.Body, now);
        telemetry.Mapped(source.Name, mapped);
        return await mediator.Send(
            new ReceiveSourceEventsCommand(
                source, secretId, proof.IsStale, mapped, request.Body, values, http.Request.Headers, now),
            CancellationToken.None);

        SourceResult.Rejected Unverified(Rejection rejection) => new(limits.Unverified(http, rejection));
    }

    /// <summary>A path can hold the proof, so traces have its pattern.</summary>
    private static void HidePath(Source source)
    {
        if (Activity.Current is not { } span) return;
        span.SetTag("url.path", source.Path.Text);
        span.SetTag("http.route", source.Path.Text);
        span.DisplayName = $"POST {source.Path.Text}";
    }

    private static void Allow(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        http.Response.Headers.Allow = HttpMethods.Post;
    }
}
