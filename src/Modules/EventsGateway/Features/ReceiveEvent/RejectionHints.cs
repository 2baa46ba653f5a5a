using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>
/// What a courier should change, as far as its request shows. Hints speak of names, forms and sizes; never of what stood in a
/// header or in the body.
/// </summary>
internal static class RejectionHints
{
    private const int HexLength = 2 * SHA256.HashSizeInBytes;

    /// <summary>Under these names others send such a signature.</summary>
    private static readonly string[] Elsewhere =
        ["x-hub-signature-256", "x-hmac-signature", "x-webhook-signature", "x-signature-256", "signature", "authorization"];

    public static string? Of(Rejection rejection, HttpRequest request, ReadOnlySpan<byte> body, int maxBodyBytes) => rejection.Reason switch
    {
        RejectionReason.TooLarge => request.ContentLength is { } length
            ? $"the body has {length} bytes: at most {maxBodyBytes} are allowed"
            : $"the body has more than the {maxBodyBytes} bytes that are allowed",
        RejectionReason.MissingSignature => OfMissingSignature(request.Headers),
        RejectionReason.InvalidSignature => OfSignature(request.Headers[HmacMiddleware.Header], body),
        RejectionReason.UnsupportedMediaType => OfType(request),
        RejectionReason.MalformedBody => OfBody(body),
        RejectionReason.InvalidField when rejection.Fields.ContainsKey(ReceiveEventDto.Body) => "each request carries one event: a JSON object, so its body begins with {",
        RejectionReason.InvalidField => $"wrong or missing: {string.Join(", ", rejection.Fields.Keys)}",
        RejectionReason.Unavailable => "nothing is wrong with the request: the event could not be made durable and is to be sent again",
        _ => null,
    };

    private static string OfMissingSignature(IHeaderDictionary headers)
    {
        if (headers.ContainsKey(HmacMiddleware.Header)) return $"the header {HmacMiddleware.Header} is there, but empty";
        var expected = $"the header {HmacMiddleware.Header} is missing: the HMAC-SHA256 of the raw body as {HexLength} hex digits";
        return Elsewhere.FirstOrDefault(headers.ContainsKey) is { } other ? $"{expected}; the request has {other} instead" : expected;
    }

    private static string OfSignature(StringValues signature, ReadOnlySpan<byte> body)
    {
        if (signature is not [{ } text]) return $"the header {HmacMiddleware.Header} came {signature.Count} times";
        if (text.StartsWith("sha256=", StringComparison.OrdinalIgnoreCase)) return "the signature begins with sha256=: only the hex digits are expected";
        if (text.Length != text.Trim().Length) return "the signature has white space around it";
        if (text.Length != HexLength) return OfLength(text);
        if (!text.All(char.IsAsciiHexDigit)) return "the signature has characters that are no hex digits";
        return body.IsEmpty
            ? "the signature has the right form, but the body is empty"
            : "the signature has the right form: another secret, or the body was changed after it was signed (compare the SHA-256 of the body)";
    }

    private static string OfLength(string text)
        => Base64.IsValid(text.AsSpan(), out var bytes) && bytes == SHA256.HashSizeInBytes
            ? $"the signature is base64: {HexLength} hex digits are expected"
            : $"the signature has {text.Length} characters: {HexLength} hex digits are expected";

    private static string OfType(HttpRequest request)
    {
        if (!StringValues.IsNullOrEmpty(request.Headers.ContentEncoding)) return "the body is compressed (Content-Encoding): it is expected as it is";
        return $"the Content-Type is {(string.IsNullOrEmpty(request.ContentType) ? "missing" : "another one")}: application/json in UTF-8 is expected";
    }

    private static string OfBody(ReadOnlySpan<byte> body)
    {
        body = EventMapper.WithoutBom(body);
        if (body.IsEmpty) return "the body is empty";
        if (!Utf8.IsValid(body)) return "the body is not UTF-8";
        if (body.IndexOfAny(" \t\r\n"u8) != 0 && body[0] != '{') return "the body does not begin with {";
        try
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetString(body), new JsonDocumentOptions { MaxDepth = EventMapper.MaxDepth });
            return "the body cannot be read as an event";
        }
        catch (JsonException broken)
        {
            return $"the body is broken in line {broken.LineNumber + 1} at byte {broken.BytePositionInLine + 1}, or deeper than {EventMapper.MaxDepth} levels";
        }
    }
}
