using System.Security.Cryptography;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Telemetry;
using Gateway.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>What the door did with each webhook: timed and counted here and nowhere else; of what it refused some is kept for an operator.</summary>
internal sealed class DoorWatch(GatewayMetrics metrics, Refusals refusals, IOptions<WebhookOptions> options, TimeProvider time)
{
    private const int MaxNames = 50;
    private const int MaxText = 256;

    // A record costs the hash of a body: of a flood of strangers, or of all that comes while the queue is away, these are enough.
    private readonly LogLimiter _refused = new(time, perSecond: 20);
    private readonly LogLimiter _unavailable = new(time, perSecond: 10);

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
                Refused(http, body.Bytes, DoorRefusal.Unavailable, begun);
                break;
        }
    }

    public void Refused(HttpContext http, ReadOnlyMemory<byte> body, DoorRefusal refusal, long begun)
    {
        metrics.AddRejected(refusal.Reason, time.GetElapsedTime(begun));
        var limiter = refusal.Reason == RefusalReason.Unavailable ? _unavailable : _refused;
        if (limiter.Allows()) refusals.Add(RecordOf(http, body, refusal));
    }

    /// <summary>The same for what was thrown; nothing where nobody is answered, or where the fault is ours.</summary>
    public void Threw(HttpContext http, ReadOnlyMemory<byte> body, Exception thrown, long begun)
    {
        if (!http.RequestAborted.IsCancellationRequested && DoorRefusal.Of(thrown) is { } refusal) Refused(http, body, refusal, begun);
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];

    private Refusal RecordOf(HttpContext http, ReadOnlyMemory<byte> body, DoorRefusal refusal)
    {
        var sent = http.Features.Get<SignedBody>()?.Event;
        return new Refusal
        {
            At = time.GetUtcNow(),
            Status = refusal.Status,
            Reason = refusal.Reason,
            Message = refusal.Message,
            Hint = RefusalHints.Of(refusal, http.Request, body.Span, options.Value.MaxBodyBytes),
            Fields = refusal.Fields,
            RemoteAddress = RemoteAddress.Of(http)?.ToString(),
            HeaderNames = [.. http.Request.Headers.Keys.Take(MaxNames).Select(Cut)],
            ContentType = http.Request.ContentType is { } type ? Cut(type) : null,
            BodyBytes = body.Length,
            // A part of a body has a hash that nobody can compare.
            BodySha256 = refusal.Reason == RefusalReason.TooLarge ? null : Convert.ToHexStringLower(SHA256.HashData(body.Span)),
            ShippingCompanyId = sent?.ShippingCompanyId is { } company ? Cut(company) : null,
            EventId = sent?.EventId is { } id ? Cut(id) : null,
        };
    }
}
