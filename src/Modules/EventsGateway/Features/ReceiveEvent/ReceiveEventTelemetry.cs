using System.Security.Cryptography;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Hosting;
using Gateway.Shared.Operator;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>What the door did with each webhook: timed and counted here and nowhere else; of what it refused some is kept for an operator.</summary>
internal sealed class ReceiveEventTelemetry(GatewayMetrics metrics, RejectedRequestLog rejections, IOptions<WebhookOptions> options, TimeProvider time)
{
    private const int MaxNames = 50;
    private const int MaxText = 256;

    // A record costs the hash of a body: of a flood of strangers, or of all that comes while the queue is away, these are enough.
    private readonly Throttle _refused = new(time, perSecond: 20);
    private readonly Throttle _unavailable = new(time, perSecond: 10);

    public long Begin() => time.GetTimestamp();

    public void Answered(HttpContext http, SignedBody body, long begun)
    {
        switch (body.Enqueued)
        {
            case EnqueueResult.New:
                metrics.AddAccepted(time.GetElapsedTime(begun));
                break;
            case EnqueueResult.Duplicate:
                metrics.AddDuplicate(time.GetElapsedTime(begun));
                break;
            case EnqueueResult.NotDurable:
                Refused(http, body.Bytes, Rejection.Unavailable, begun);
                break;
        }
    }

    public void Refused(HttpContext http, ReadOnlyMemory<byte> body, Rejection rejection, long begun)
    {
        metrics.AddRejected(rejection.Reason, time.GetElapsedTime(begun));
        var limiter = rejection.Reason == RejectionReason.Unavailable ? _unavailable : _refused;
        if (limiter.Allows()) rejections.Add(RecordOf(http, body, rejection));
    }

    /// <summary>The same for what was thrown; nothing where nobody is answered, or where the fault is ours.</summary>
    public void Threw(HttpContext http, ReadOnlyMemory<byte> body, Exception thrown, long begun)
    {
        if (!http.RequestAborted.IsCancellationRequested && Rejection.Of(thrown) is { } rejection) Refused(http, body, rejection, begun);
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];

    private RejectedRequest RecordOf(HttpContext http, ReadOnlyMemory<byte> body, Rejection rejection)
    {
        var sent = http.Features.Get<SignedBody>()?.Event;
        return new RejectedRequest
        {
            At = time.GetUtcNow(),
            Status = rejection.Status,
            Reason = rejection.Reason,
            Message = rejection.Message,
            Hint = RejectionHints.Of(rejection, http.Request, body.Span, options.Value.MaxBodyBytes),
            Fields = rejection.Fields,
            RemoteAddress = RemoteAddress.Of(http)?.ToString(),
            HeaderNames = [.. http.Request.Headers.Keys.Take(MaxNames).Select(Cut)],
            ContentType = http.Request.ContentType is { } type ? Cut(type) : null,
            BodyBytes = body.Length,
            // A part of a body has a hash that nobody can compare.
            BodySha256 = rejection.Reason == RejectionReason.TooLarge ? null : Convert.ToHexStringLower(SHA256.HashData(body.Span)),
            ShippingCompanyId = sent?.ShippingCompanyId is { } company ? Cut(company) : null,
            EventId = sent?.EventId is { } id ? Cut(id) : null,
        };
    }
}
