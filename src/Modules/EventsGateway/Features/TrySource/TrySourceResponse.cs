namespace Gateway.EventsGateway.Features.TrySource;

/// <summary>What a request would be to a source, step by step.</summary>
/// <param name="Source">The name of the source.</param>
/// <param name="Path">Where its requests are posted to.</param>
/// <param name="Scheme">How they are verified.</param>
/// <param name="Proof">What a valid one proves: <c>signed</c>, <c>identity only</c> or <c>none</c>.</param>
/// <param name="Result">handshake, rejected, skipped, unmapped or mapped.</param>
/// <param name="Rejection">Why it would be rejected; null where it would not be.</param>
/// <param name="Handshake">The answer of a handshake; null where the request is none.</param>
/// <param name="Signature">The proof as it was read.</param>
/// <param name="Timestamp">Null where the source has none.</param>
/// <param name="Mapping">What the mapping makes of the body, whether or not the proof is right.</param>
public sealed record TrySourceResponse(
    string Source, string Path, string Scheme, string Proof, string Result, string? Rejection, TriedHandshake? Handshake,
    TriedSignature Signature, TriedTimestamp? Timestamp, TriedMapping Mapping);

/// <param name="Status">The status of the answer.</param>
/// <param name="Body">Its body; null where a value cannot be repeated in it, so that the answer is 400.</param>
public sealed record TriedHandshake(int Status, string? Body);

/// <summary>The proof of a request as its source reads it.</summary>
public sealed record TriedSignature
{
    /// <summary>Where it stands, such as <c>{header.X-Signature}</c>.</summary>
    public required string From { get; init; }

    /// <summary>plain, pairs or list.</summary>
    public required string Parse { get; init; }

    /// <summary>Its length as it was sent; 0 where it is missing.</summary>
    public int Characters { get; init; }

    /// <summary>The signatures in it; none of token, basic and none, whose proof is the secret itself.</summary>
    public IReadOnlyList<string> Signatures { get; init; } = [];

    /// <summary>The other fields of the header, of the form pairs.</summary>
    public IReadOnlyDictionary<string, string> Pairs { get; init; } = new Dictionary<string, string>();

    /// <summary>The signed content with <c>***</c> for the secret, its first 4 KiB; null where nothing is signed.</summary>
    public string? Content { get; init; }

    /// <summary>The part of the signed content that the request lacks.</summary>
    public string? MissingContent { get; init; }

    /// <summary>The key that the request names; null where it names none.</summary>
    public string? KeyId { get; init; }

    /// <summary>The secret that matched.</summary>
    public string? SecretId { get; init; }

    /// <summary>Why none matched.</summary>
    public string? Failure { get; init; }

    /// <summary>By secret the last four characters of the signature that would be right; none of token, basic and none.</summary>
    public IReadOnlyDictionary<string, string> ExpectedEnd { get; init; } = new Dictionary<string, string>();

    /// <summary>The settings with which it would match.</summary>
    public IReadOnlyList<TriedVariant> WouldMatch { get; init; } = [];
}

/// <summary>Settings of Verify with which a signature is right; null where they do not matter.</summary>
/// <param name="SecretId">With this secret.</param>
/// <param name="Parse">plain, pairs or list.</param>
/// <param name="Prefix">Of the form plain.</param>
/// <param name="Field">Of the forms pairs and list.</param>
/// <param name="Encoding">hex or base64.</param>
/// <param name="Key">utf8, hex or whsec.</param>
/// <param name="Content">The signed content.</param>
public sealed record TriedVariant(
    string SecretId, string Parse, string? Prefix, string? Field, string? Encoding, string? Key, string? Content);

/// <param name="Value">As it was sent; null where it is missing.</param>
/// <param name="At">Null where it is no time of the configured format.</param>
/// <param name="AgeSeconds">Negative where it is in the future.</param>
/// <param name="ToleranceSeconds">Both ways.</param>
/// <param name="IsStale">Outside the tolerance, or no time.</param>
/// <param name="IsRejected">Whether a stale request is rejected; else it is counted.</param>
public sealed record TriedTimestamp(
    string? Value, string? At, double? AgeSeconds, double ToleranceSeconds, bool IsStale, bool IsRejected);
