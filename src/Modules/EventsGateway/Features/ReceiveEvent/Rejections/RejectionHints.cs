using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Features.ReceiveEvent.Rejections;

/// <summary>
/// What a sender should change, as far as its request shows. Hints name headers, formats and sizes; they never repeat the value
/// of a header or content of the body.
/// </summary>
internal static class RejectionHints
{
    private const int HexLength = 2 * SHA256.HashSizeInBytes;

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = JsonBody.MaxDepth };

    /// <summary>Names of signature headers that other webhook senders use.</summary>
    private static readonly string[] OtherHeaders =
        ["x-hub-signature-256", "x-hmac-signature", "x-webhook-signature", "x-signature-256", "signature", "authorization"];

    private static ReadOnlySpan<byte> GzipMark => [0x1F, 0x8B];

    public static string? Of(Rejection rejection, HttpRequest request, ReadOnlySpan<byte> body, int maxBodyBytes)
        => rejection.Reason switch
    {
        RejectionReason.TooLarge => request.ContentLength is { } length
            ? $"the body has {length} bytes: at most {maxBodyBytes} are allowed"
            : $"the body has more than the {maxBodyBytes} bytes that are allowed",
        RejectionReason.MissingSignature => OfMissingSignature(request.Headers),
        RejectionReason.InvalidSignature => OfSignature(request.Headers[HmacMiddleware.Header], body),
        RejectionReason.UnsupportedMediaType => OfType(request),
        RejectionReason.MalformedBody => OfBody(body),
        RejectionReason.InvalidField when rejection.Fields.ContainsKey(ReceiveEventDto.Body)
            => "the body must be one event: a JSON object, which begins with {",
        RejectionReason.InvalidField
            => $"wrong or missing: {string.Join(", ", rejection.Fields.Keys)}{MisspelledFields.HintOf(rejection.Fields, body)}",
        RejectionReason.IncompleteBody => OfArrived(request.ContentLength, body.Length),
        _ => rejection.Detail,
    };

    private static string OfMissingSignature(IHeaderDictionary headers)
    {
        if (headers.ContainsKey(HmacMiddleware.Header)) return $"the header {HmacMiddleware.Header} is empty";
        var expected =
            $"the header {HmacMiddleware.Header} is missing: the HMAC-SHA256 of the raw body as {HexLength} hex digits";
        return OtherHeaders.FirstOrDefault(headers.ContainsKey) is { } other
            ? $"{expected}; the request has {other} instead"
            : expected;
    }

    private static string OfSignature(StringValues signature, ReadOnlySpan<byte> body)
    {
        if (signature is not [{ } text]) return $"the header {HmacMiddleware.Header} was sent {signature.Count} times";
        if (text.StartsWith("sha256=", StringComparison.OrdinalIgnoreCase))
            return "the signature begins with sha256=: only the hex digits are expected";
        if (text.Length != text.Trim().Length) return "the signature has white space around it";
        if (text.Length != HexLength) return OfLength(text);
        if (!text.All(char.IsAsciiHexDigit)) return "the signature contains characters that are not hex digits";
        return body.IsEmpty
            ? "the signature is well-formed, but the body is empty"
            : "the signature is well-formed but does not match: another secret was used, or the body changed after signing "
              + "(compare the SHA-256 of the body)";
    }

    private static string OfLength(string text)
        => Base64.IsValid(text.AsSpan(), out var bytes) && bytes == SHA256.HashSizeInBytes
            ? $"the signature is base64: {HexLength} hex digits are expected"
            : $"the signature has {text.Length} characters: {HexLength} hex digits are expected";

    private static string OfType(HttpRequest request)
    {
        if (JsonMediaType.IsCompressed(request.Headers))
            return "the body is compressed (Content-Encoding): send it uncompressed, and sign those bytes";
        var type = string.IsNullOrEmpty(request.ContentType) ? "missing" : "a different one";
        return $"the Content-Type is {type}: application/json in UTF-8 is expected";
    }

    private static string OfArrived(long? announced, int bytes)
        => $"the body did not arrive: {bytes} bytes came{(announced is { } length ? $" of {length}" : "")}, "
           + "then the connection was too slow or ended; send the event again";

    private static string OfBody(ReadOnlySpan<byte> body)
    {
        body = JsonBody.WithoutBom(body);
        if (body.IsEmpty) return "the body is empty";
        if (body.StartsWith(GzipMark)) return "the body is compressed (gzip): send it uncompressed, and sign those bytes";
        if (!Utf8.IsValid(body)) return "the body is not UTF-8";
        if (body.IndexOfAny(" \t\r\n"u8) != 0 && body[0] != '{') return "the body does not begin with {";
        try
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetString(body), JsonOptions);
            return "the body cannot be read as an event";
        }
        catch (JsonException broken)
        {
            return $"the body is not valid JSON at line {broken.LineNumber + 1} byte {broken.BytePositionInLine + 1}, "
                   + $"or is nested deeper than {JsonBody.MaxDepth} levels";
        }
    }
}
