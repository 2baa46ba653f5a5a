namespace Gateway.EventsGateway.Sources.Verification;

/// <summary>What a valid request proves.</summary>
internal enum ProofStrength
{
    /// <summary>The body is the sender's.</summary>
    Signed,

    /// <summary>The request is of one who knows the secret; its body is taken as it is.</summary>
    IdentityOnly,

    None,
}

internal static class ProofStrengthText
{
    public static string Text(this ProofStrength proof) => proof switch
    {
        ProofStrength.Signed => "signed",
        ProofStrength.IdentityOnly => "identity only",
        ProofStrength.None => "none",
        _ => throw new ArgumentOutOfRangeException(nameof(proof), proof, null),
    };
}
