using System.Security.Cryptography;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using Gateway.Shared.Time;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Features.ReceiveEvent.Rejections;

/// <summary>A rejected request as operators see it.</summary>
internal static class RejectionRecord
{
    private const int MaxNames = 50, MaxName = 40;

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
        Hint = OutsideText.Clean(rejection.Detail),
        Fields = rejection.Fields,
        RemoteAddress = RemoteAddress.Of(http)?.ToString(),
        HeaderNames = [.. http.Request.Headers.Keys.Take(MaxNames).Select(name => OutsideText.Clean(name, MaxName))],
        ContentType = OutsideText.Clean(http.Request.ContentType),
        BodyBytes = body.Length,
        // The hash of a truncated body cannot be compared.
        BodySha256 = !rejection.HasWholeBody
            ? null
            : rejection.Received?.Sha256 ?? Convert.ToHexStringLower(SHA256.HashData(body.Span)),
        ShippingCompanyId = OutsideText.Clean(shippingCompanyId),
        EventId = OutsideText.Clean(eventId),
    };
}
