using System.Security.Cryptography;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Operator;
using Gateway.Shared.Time;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Features.ReceiveEvent.Rejections;

/// <summary>A rejected request as operators see it.</summary>
internal static class RejectionRecord
{
    private const int MaxNames = 50;
    private const int MaxText = 256;

    public static RejectedRequest Of(
        HttpContext http, ReadOnlyMemory<byte> body, Rejection rejection, string? source, DateTimeOffset now,
        string? shippingCompanyId = null, string? eventId = null) => new()
    {
        At = IsoTime.Text(now),
        RequestId = http.TraceIdentifier,
        Source = source,
        Status = rejection.Status,
        Reason = rejection.Reason,
        Message = rejection.Message,
        Hint = rejection.Detail,
        Fields = rejection.Fields,
        RemoteAddress = RemoteAddress.Of(http)?.ToString(),
        HeaderNames = [.. http.Request.Headers.Keys.Take(MaxNames).Select(Cut)],
        ContentType = http.Request.ContentType is { } type ? Cut(type) : null,
        BodyBytes = body.Length,
        // The hash of a truncated body cannot be compared.
        BodySha256 = !rejection.HasWholeBody
            ? null
            : rejection.Received?.Sha256 ?? Convert.ToHexStringLower(SHA256.HashData(body.Span)),
        ShippingCompanyId = shippingCompanyId is null ? null : Cut(shippingCompanyId),
        EventId = eventId is null ? null : Cut(eventId),
    };

    public static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];
}
