namespace Gateway.EventsGateway.Monitoring;

/// <summary>Why the door refused a request; the values of the metrics' tag <c>reason</c>.</summary>
internal static class RejectionReason
{
    public const string TooLarge = "too_large";
    public const string MissingSignature = "missing_signature";
    public const string InvalidSignature = "invalid_signature";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string MalformedBody = "malformed_body";
    public const string InvalidField = "invalid_field";

    /// <summary>The courier did nothing wrong: the event could not be made durable (503).</summary>
    public const string Unavailable = "unavailable";

    /// <summary>
    /// No refusal: answered 202, and its body is dropped, for another one was accepted under its key before. Kept with the others,
    /// counted as <see cref="GatewayMetrics.Conflicts"/>.
    /// </summary>
    public const string Conflict = "conflict";

    /// <summary>Those that are counted.</summary>
    public static readonly IReadOnlyList<string> All =
        [TooLarge, MissingSignature, InvalidSignature, UnsupportedMediaType, MalformedBody, InvalidField, Unavailable];
}

/// <summary>
/// A request that the door answered 4xx or 503, or whose body was dropped, as an operator may see it: no signature, no value of any
/// header, no body.
/// </summary>
internal sealed record RejectedRequest
{
    public required DateTimeOffset At { get; init; }

    public required int Status { get; init; }

    /// <summary>One of <see cref="RejectionReason"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>What the courier was told.</summary>
    public required string Message { get; init; }

    /// <summary>What the courier should change, as far as the request shows it; null where nothing more can be said.</summary>
    public string? Hint { get; init; }

    /// <summary>The fields that were wrong, with what is wrong about each.</summary>
    public IReadOnlyDictionary<string, string[]> Fields { get; init; } = new Dictionary<string, string[]>();

    public string? RemoteAddress { get; init; }

    /// <summary>The names of the headers that came, never their values; null where they are not known.</summary>
    public IReadOnlyList<string>? HeaderNames { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Bytes that were read; of a body that is too large only so many as show it.</summary>
    public int BodyBytes { get; init; }

    /// <summary>SHA-256 of the bytes that came, in hex: tells a courier whether something on the way has changed its body.</summary>
    public string? BodySha256 { get; init; }

    /// <summary>Who says to be the sender, and of what; only of a request whose signature is right.</summary>
    public string? ShippingCompanyId { get; init; }

    public string? EventId { get; init; }
}
