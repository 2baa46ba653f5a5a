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
/// Refusals in this order: 413, 401, 415 — nothing is parsed for a stranger.
/// </summary>
internal sealed class HmacMiddleware(RequestDelegate next, WebhookSignature signatures, DoorWatch watch, IOptions<WebhookOptions> options)
{
    public const string Header = "x-signature";

    private readonly int _maxBodyBytes = options.Value.MaxBodyBytes;

    public Task InvokeAsync(HttpContext http)
        => http.GetEndpoint()?.Metadata.GetMetadata<HmacSignedAttribute>() is null ? next(http) : VerifyAsync(http);

    private async Task VerifyAsync(HttpContext http)
    {
        var begun = watch.Begin();
        using var body = new BodyBuffer(http.Request.ContentLength, _maxBodyBytes);
        try
        {
            await body.ReadAsync(http.Request.Body, http.RequestAborted);
            if (RefusalOf(http.Request, body.Bytes.Span) is { } refusal)
            {
                watch.Refused(http, body.Bytes, refusal, begun);
                await ProblemBody.WriteAsync(http, refusal.Status, refusal.Message);
                return;
            }

            var signed = new SignedBody(body.Bytes);
            http.Features.Set(signed);
            await next(http);
            watch.Answered(http, signed, begun);
        }
        catch (Exception thrown)
        {
            watch.Threw(http, body.Bytes, thrown, begun);
            throw;
        }
        finally
        {
            http.Features.Set<SignedBody>(null);
        }
    }

    private DoorRefusal? RefusalOf(HttpRequest request, ReadOnlySpan<byte> body)
    {
        if (body.Length > _maxBodyBytes) return DoorRefusal.TooLarge;
        var signature = request.Headers[Header];
        if (StringValues.IsNullOrEmpty(signature)) return DoorRefusal.MissingSignature;
        if (!signatures.IsValid(signature, body)) return DoorRefusal.InvalidSignature;
        return body.IsEmpty || IsPlainJson(request) ? null : DoorRefusal.OtherType;
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
