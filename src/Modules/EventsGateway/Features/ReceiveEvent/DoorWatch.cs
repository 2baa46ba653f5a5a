using System.Security.Cryptography;
using FluentValidation;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Telemetry;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>What the door did with each webhook: timed and counted here and nowhere else; what it refused is kept for an operator.</summary>
internal sealed class DoorWatch(GatewayMetrics metrics, Refusals refusals, IOptions<WebhookOptions> options, TimeProvider time)
{
    private const int MaxNames = 50;
    private const int MaxText = 256;

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
        var (company, eventId) = refusal.IsSigned ? SenderOf(body.Span) : default;
        refusals.Add(new Refusal
        {
            At = time.GetUtcNow(),
            Status = refusal.Status,
            Reason = refusal.Reason,
            Message = refusal.Message,
            Hint = RefusalHints.Of(refusal, http.Request, body.Span, options.Value.MaxBodyBytes),
            Fields = refusal.Fields,
            RemoteAddress = http.Connection.RemoteIpAddress?.ToString(),
            HeaderNames = [.. http.Request.Headers.Keys.Take(MaxNames).Select(Cut)],
            ContentType = http.Request.ContentType is { } type ? Cut(type) : null,
            BodyBytes = body.Length,
            // A part of a body has a hash that nobody can compare.
            BodySha256 = refusal.Reason == RefusalReason.TooLarge ? null : Convert.ToHexStringLower(SHA256.HashData(body.Span)),
            ShippingCompanyId = company,
            EventId = eventId,
        });
    }

    /// <summary>The same for what was thrown; nothing where nobody is answered, or where the fault is ours.</summary>
    public void Threw(HttpContext http, ReadOnlyMemory<byte> body, Exception thrown, long begun)
    {
        if (!http.RequestAborted.IsCancellationRequested && DoorRefusal.Of(thrown) is { } refusal) Refused(http, body, refusal, begun);
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];

    private static (string? Company, string? EventId) SenderOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var sent = ReceiveEventDto.Parse(body);
            return (sent.ShippingCompanyId is { } company ? Cut(company) : null, sent.EventId is { } id ? Cut(id) : null);
        }
        catch (RequestRefusedException)
        {
            return default;
        }
    }
}

/// <param name="Status">What it was answered.</param>
/// <param name="Reason">One of <see cref="RefusalReason"/>.</param>
/// <param name="Message">What the courier was told.</param>
internal sealed record DoorRefusal(int Status, string Reason, string Message)
{
    public static readonly DoorRefusal TooLarge = new(StatusCodes.Status413PayloadTooLarge, RefusalReason.TooLarge, "request entity too large");

    public static readonly DoorRefusal MissingSignature = new(StatusCodes.Status401Unauthorized, RefusalReason.MissingSignature, "Missing signature");

    public static readonly DoorRefusal InvalidSignature = new(StatusCodes.Status401Unauthorized, RefusalReason.InvalidSignature, "Invalid signature");

    public static readonly DoorRefusal OtherType = new(
        StatusCodes.Status415UnsupportedMediaType, RefusalReason.UnsupportedMediaType,
        "Only application/json in UTF-8 without Content-Encoding is accepted");

    public static readonly DoorRefusal Unavailable = new(
        StatusCodes.Status503ServiceUnavailable, RefusalReason.Unavailable, "Not accepted: try again later");

    public IReadOnlyDictionary<string, string[]> Fields { get; init; } = new Dictionary<string, string[]>();

    public bool IsSigned => Reason is RefusalReason.InvalidField or RefusalReason.Unavailable;

    public static DoorRefusal? Of(Exception thrown) => thrown switch
    {
        ValidationException invalid => new DoorRefusal(StatusCodes.Status400BadRequest, RefusalReason.InvalidField, "Bad Request")
        {
            Fields = invalid.Errors.GroupBy(mistake => mistake.PropertyName)
                .ToDictionary(field => field.Key, field => field.Select(mistake => mistake.ErrorMessage).ToArray()),
        },
        RequestRefusedException refused => new DoorRefusal(refused.StatusCode, RefusalReason.MalformedBody, refused.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge,
        BadHttpRequestException bad => new DoorRefusal(bad.StatusCode, RefusalReason.MalformedBody, "Bad Request"),
        _ => null,
    };
}
