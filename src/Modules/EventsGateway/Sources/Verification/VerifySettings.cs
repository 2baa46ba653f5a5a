using Gateway.EventsGateway.Sources.Templates;

namespace Gateway.EventsGateway.Sources.Verification;

internal enum VerifyScheme
{
    HmacSha256,
    HmacSha512,

    /// <summary>A plain hash; the secret is the end of its content.</summary>
    Sha256,

    /// <summary>PKCS#1 with the public keys of the sender.</summary>
    RsaSha256,
    JwtHs256,

    /// <summary>A value that is the same in every request.</summary>
    Token,
    Basic,

    /// <summary>A part of the path is compared as a token.</summary>
    None,
}

internal static class VerifySchemeText
{
    public static string Text(this VerifyScheme scheme) => scheme switch
    {
        VerifyScheme.HmacSha256 => "hmac-sha256",
        VerifyScheme.HmacSha512 => "hmac-sha512",
        VerifyScheme.Sha256 => "sha256",
        VerifyScheme.RsaSha256 => "rsa-sha256",
        VerifyScheme.JwtHs256 => "jwt-hs256",
        VerifyScheme.Token => "token",
        VerifyScheme.Basic => "basic",
        VerifyScheme.None => "none",
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, null),
    };
}

/// <summary>How a source proves that its requests are authentic; everything but the secrets.</summary>
internal sealed record VerifySettings
{
    public required VerifyScheme Scheme { get; init; }

    public required Template Signature { get; init; }

    public required Template Content { get; init; }

    /// <summary>Where a request names its key, for RSA; a JWT names it in its own header.</summary>
    public Template? KeyId { get; init; }

    public SignatureForm Form { get; init; }

    public string Prefix { get; init; } = "";

    public string Separator { get; init; } = ",";

    public string Field { get; init; } = "v1";

    public bool IsBase64 { get; init; }

    public KeyForm Key { get; init; }

    public TimestampSettings? Timestamp { get; init; }

    public IEnumerable<Template> Templates
        => new[] { Signature, Content, Timestamp?.From, KeyId }.OfType<Template>();

    /// <summary>Whether a signature covers a content.</summary>
    public bool Signs
        => Scheme is VerifyScheme.HmacSha256 or VerifyScheme.HmacSha512 or VerifyScheme.Sha256 or VerifyScheme.RsaSha256;

    /// <summary>The value of the signature's header, as <see cref="SignatureHeader"/> reads it.</summary>
    public string Written(IReadOnlyDictionary<string, string> pairs, string signature) => Form switch
    {
        SignatureForm.Pairs
            => string.Join(Separator, pairs.Select(one => $"{one.Key}={one.Value}").Append($"{Field}={signature}")),
        SignatureForm.List => $"{Field},{signature}",
        _ => Prefix + signature,
    };

    /// <summary>The key that the request names; null where it names none.</summary>
    public string? KeyIdOf(in SignatureHeader header, in TemplateValues values)
        => Scheme == VerifyScheme.JwtHs256 ? JwtClaims.KeyIdOf(header.Signatures[0]) : KeyId?.Render(values);

    public int SignatureLength => Scheme switch
    {
        VerifyScheme.HmacSha512 => 64,
        VerifyScheme.RsaSha256 => 0,
        _ => 32,
    };
}
