namespace Gateway.EventsGateway.Sources.Verification;

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
