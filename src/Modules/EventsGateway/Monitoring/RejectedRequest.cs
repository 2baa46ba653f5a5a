namespace Gateway.EventsGateway.Monitoring;

/// <summary>Why a request was not accepted; the values of the tag <c>reason</c> in metrics.</summary>
internal static class RejectionReason
{
    public const string TooLarge = "too_large";
    public const string MissingSignature = "missing_signature";
    public const string InvalidSignature = "invalid_signature";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string MalformedBody = "malformed_body";
    public const string InvalidField = "invalid_field";

    /// <summary>The upload was too slow, or ended before the body was complete (408).</summary>
    public const string IncompleteBody = "incomplete_body";

    /// <summary>The server could not read the request: its line, headers or chunks (400, 431).</summary>
    public const string BadRequest = "bad_request";

    /// <summary>Above the limit of its address or source (429).</summary>
    public const string TooManyRequests = "too_many_requests";

    /// <summary>Other unverified requests hold the whole budget for bodies (503).</summary>
    public const string Overloaded = "overloaded";

    /// <summary>The request is correct, but the event could not be made durable (503).</summary>
    public const string Unavailable = "unavailable";

    /// <summary>
    /// Answered 202, but its body was dropped: another body was accepted under the same key before. Listed with the rejected
    /// requests, counted as <see cref="GatewayMetrics.Conflicts"/>.
    /// </summary>
    public const string Conflict = "conflict";

    /// <summary>The reasons that <see cref="GatewayMetrics.Rejected"/> counts.</summary>
    public static readonly IReadOnlyList<string> Counted =
    [
        TooLarge, MissingSignature, InvalidSignature, UnsupportedMediaType, MalformedBody, InvalidField, IncompleteBody,
        BadRequest, TooManyRequests, Overloaded, Unavailable,
    ];
}

/// <summary>
/// A request that was answered 4xx or 503, or whose body was dropped, as operators see it: without the signature, header
/// values and body.
/// </summary>
public sealed record RejectedRequest
{
    public required string At { get; init; }

    /// <summary>The <c>x-request-id</c> of the answer.</summary>
    public required string RequestId { get; init; }

    /// <summary>The source whose path it was sent to; null where it reached none.</summary>
    public string? Source { get; init; }

    /// <summary>The host of the process that answered.</summary>
    public string Host { get; init; } = Environment.MachineName;

    /// <summary>The status code of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>
    /// too_large, missing_signature, invalid_signature, unsupported_media_type, malformed_body, invalid_field, incomplete_body,
    /// bad_request, too_many_requests, overloaded, unavailable or conflict.
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>The message of the answer.</summary>
    public required string Message { get; init; }

    /// <summary>What the sender should change, as far as the request shows it.</summary>
    public string? Hint { get; init; }

    /// <summary>The invalid fields, each with its errors.</summary>
    public IReadOnlyDictionary<string, string[]> Fields { get; init; } = new Dictionary<string, string[]>();

    /// <summary>Null for a conflict, which is detected after the request was read.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The names of the request's headers, never their values; null for a conflict.</summary>
    public IReadOnlyList<string>? HeaderNames { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Bytes that were read; a body that is too large is read only until the limit is exceeded.</summary>
    public int BodyBytes { get; init; }

    /// <summary>SHA-256 of the received body in hex: shows a sender whether the body was changed on the way.</summary>
    public string? BodySha256 { get; init; }

    /// <summary>Only for a request with a valid signature.</summary>
    public string? ShippingCompanyId { get; init; }

    public string? EventId { get; init; }
}
