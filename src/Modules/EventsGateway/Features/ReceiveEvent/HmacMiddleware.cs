using System.Net.Http.Headers;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>Marks an endpoint whose body must carry the courier's signature.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HmacSignedAttribute : Attribute;

/// <summary>
/// Reads the body once and lets it pass only with <c>x-signature</c>: the hex HMAC-SHA256 (RFC 2104) of its raw bytes.
/// It goes by the endpoint that routing has chosen, so no spelling of the path gets round it.
/// RejectedRequestLog in this order: 413, 401, 415 — nothing is parsed for a stranger.
/// </summary>
internal sealed class HmacMiddleware(RequestDelegate next, WebhookSignature signatures, ReceiveEventTelemetry telemetry, IOptions<WebhookOptions> options)
{
    public const string Header = "x-signature";

    private readonly int _maxBodyBytes = options.Value.MaxBodyBytes;

    public Task InvokeAsync(HttpContext http)
        => http.GetEndpoint()?.Metadata.GetMetadata<HmacSignedAttribute>() is null ? next(http) : VerifyAsync(http);

    private async Task VerifyAsync(HttpContext http)
    {
        var begun = telemetry.Begin();
        using var body = new BodyBuffer(http.Request.ContentLength, _maxBodyBytes);
        try
        {
            await body.ReadAsync(http.Request.Body, http.RequestAborted);
            if (RejectionOf(http.Request, body.Bytes.Span) is { } rejection) await RejectAsync(http, body.Bytes, rejection, begun);
            else await PassOnAsync(http, new SignedBody(body.Bytes), begun);
        }
        catch (Exception thrown)
        {
            telemetry.Threw(http, body.Bytes, thrown, begun);
            throw;
        }
        finally
        {
            http.Features.Set<SignedBody>(null);
        }
    }

    private async Task PassOnAsync(HttpContext http, SignedBody body, long begun)
    {
        http.Features.Set(body);
        await next(http);
        telemetry.Answered(http, body, begun);
    }

    private async Task RejectAsync(HttpContext http, ReadOnlyMemory<byte> body, Rejection rejection, long begun)
    {
        telemetry.Refused(http, body, rejection, begun);
        await ProblemBody.WriteAsync(http, rejection.Status, rejection.Message);
    }

    private Rejection? RejectionOf(HttpRequest request, ReadOnlySpan<byte> body)
    {
        if (body.Length > _maxBodyBytes) return Rejection.TooLarge;
        var signature = request.Headers[Header];
        if (StringValues.IsNullOrEmpty(signature)) return Rejection.MissingSignature;
        if (!signatures.IsValid(signature, body)) return Rejection.InvalidSignature;
        return body.IsEmpty || IsPlainJson(request) ? null : Rejection.OtherType;
    }

    private static bool IsPlainJson(HttpRequest request)
    {
        if (!StringValues.IsNullOrEmpty(request.Headers.ContentEncoding)) return false;
        if (request.ContentType == "application/json") return true;
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
               && string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
               && (type.CharSet is null || string.Equals(type.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
