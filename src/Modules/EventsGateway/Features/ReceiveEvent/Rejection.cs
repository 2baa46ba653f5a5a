using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FluentValidation.Results;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <param name="Status">The status code of the response.</param>
/// <param name="Reason">One of <see cref="RejectionReason"/>.</param>
/// <param name="Message">The message in the body of the response.</param>
internal sealed record Rejection(int Status, string Reason, string Message)
{
    public static readonly Rejection TooLarge =
        new(StatusCodes.Status413PayloadTooLarge, RejectionReason.TooLarge, ProblemBody.EntityTooLarge);

    public static readonly Rejection MissingSignature =
        new(StatusCodes.Status401Unauthorized, RejectionReason.MissingSignature, "Missing signature");

    public static readonly Rejection InvalidSignature =
        new(StatusCodes.Status401Unauthorized, RejectionReason.InvalidSignature, "Invalid signature");

    public static readonly Rejection OtherType = new(
        StatusCodes.Status415UnsupportedMediaType, RejectionReason.UnsupportedMediaType,
        "Only application/json in UTF-8 without Content-Encoding is accepted");

    public static readonly Rejection Unavailable =
        new(StatusCodes.Status503ServiceUnavailable, RejectionReason.Unavailable, "Not accepted: try again later");

    /// <summary>Field name to its errors; empty unless the reason is <see cref="RejectionReason.InvalidField"/>.</summary>
    public IReadOnlyDictionary<string, string[]> Fields { get; init; } = new Dictionary<string, string[]>();

    public static Rejection Malformed(string message)
        => new(StatusCodes.Status400BadRequest, RejectionReason.MalformedBody, message);

    /// <summary>The rejection of a request that the server could not read to its end.</summary>
    public static Rejection Unreadable(BadHttpRequestException fault) => fault.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? TooLarge
        : new Rejection(fault.StatusCode, RejectionReason.MalformedBody, "Bad Request");

    public static Rejection InvalidFields(IEnumerable<ValidationFailure> failures)
        => new(StatusCodes.Status400BadRequest, RejectionReason.InvalidField, "Bad Request")
        {
            Fields = failures.GroupBy(failure => failure.PropertyName, failure => failure.ErrorMessage)
                .ToDictionary(field => field.Key, field => field.ToArray()),
        };
}

/// <summary>
/// What a sender should change, as far as its request shows. Hints name headers, formats and sizes; they never repeat the value
/// of a header or content of the body.
/// </summary>
internal static class RejectionHints
{
    private const int HexLength = 2 * SHA256.HashSizeInBytes;

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = EventMapper.MaxDepth };

    /// <summary>Names of signature headers that other webhook senders use.</summary>
    private static readonly string[] OtherHeaders =
        ["x-hub-signature-256", "x-hmac-signature", "x-webhook-signature", "x-signature-256", "signature", "authorization"];

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
        RejectionReason.InvalidField => $"wrong or missing: {string.Join(", ", rejection.Fields.Keys)}",
        RejectionReason.Unavailable
            => "the request is valid, but the event could not be stored: send it again",
        _ => null,
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
        if (!StringValues.IsNullOrEmpty(request.Headers.ContentEncoding))
            return "the body is compressed (Content-Encoding): send it uncompressed";
        var type = string.IsNullOrEmpty(request.ContentType) ? "missing" : "a different one";
        return $"the Content-Type is {type}: application/json in UTF-8 is expected";
    }

    private static string OfBody(ReadOnlySpan<byte> body)
    {
        body = EventMapper.WithoutBom(body);
        if (body.IsEmpty) return "the body is empty";
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
                   + $"or is nested deeper than {EventMapper.MaxDepth} levels";
        }
    }
}
