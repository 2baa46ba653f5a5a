using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Sources.Verification;

internal enum VerifyFailure
{
    None,

    /// <summary>The signature is absent, empty, or was sent twice.</summary>
    Missing,

    /// <summary>The signature has another form: prefix, encoding, length.</summary>
    WrongForm,

    /// <summary>A part of the signed content is missing.</summary>
    MissingContent,

    NotMatching,

    /// <summary>The request names a key that no secret has.</summary>
    UnknownKeyId,

    /// <summary>It matches a secret that has expired.</summary>
    ExpiredSecret,

    /// <summary>The claims exp or nbf of a JWT exclude this time, or its algorithm is not HS256.</summary>
    Claims,

    /// <summary>The signed timestamp is outside the tolerance.</summary>
    Stale,
}

/// <param name="SecretId">The secret that matched; null where the request is rejected.</param>
/// <param name="Failure">Why the request is rejected.</param>
/// <param name="IsStale">The signed timestamp is outside the tolerance, or is no time.</param>
internal readonly record struct VerifyResult(string? SecretId, VerifyFailure Failure = VerifyFailure.None, bool IsStale = false)
{
    public bool IsAuthentic => SecretId is not null;

    /// <summary>One of <see cref="RejectionReason"/>.</summary>
    public string Reason
        => Failure == VerifyFailure.Missing ? RejectionReason.MissingSignature : RejectionReason.InvalidSignature;

    /// <summary>What a sender or operator should change; contains no value of the request.</summary>
    public string? Detail => Failure switch
    {
        VerifyFailure.Missing => "the signature is missing, empty or was sent more than once",
        VerifyFailure.WrongForm => "the signature has another form: check prefix, encoding and length",
        VerifyFailure.MissingContent => "a part of the signed content is missing",
        VerifyFailure.NotMatching => "the signature matches no secret of the source",
        VerifyFailure.UnknownKeyId => "the request names a key (kid) that no secret of the source has",
        VerifyFailure.ExpiredSecret => "the signature matches a secret that has expired",
        VerifyFailure.Claims => "the token is not valid now, or its algorithm is not HS256",
        VerifyFailure.Stale => "the signed timestamp is outside the tolerance",
        _ => null,
    };

    public static VerifyResult Rejected(VerifyFailure failure) => new(null, failure, failure == VerifyFailure.Stale);
}

/// <summary>Collects the comparisons with all secrets of a source: the first live one that matched is named.</summary>
internal struct SecretMatch(DateTimeOffset now)
{
    private string? _id;
    private bool _isExpired;

    public void Add(SourceSecret secret, bool isEqual)
    {
        if (!isEqual) return;
        if (secret.IsLive(now)) _id ??= secret.Id;
        else _isExpired = true;
    }

    public readonly VerifyResult Result
        => _id is not null ? new VerifyResult(_id)
            : VerifyResult.Rejected(_isExpired ? VerifyFailure.ExpiredSecret : VerifyFailure.NotMatching);
}
