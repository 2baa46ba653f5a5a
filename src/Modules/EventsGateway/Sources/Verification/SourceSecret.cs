using System.Security.Cryptography;
using System.Text;

namespace Gateway.EventsGateway.Sources.Verification;

/// <summary>How the text of a secret becomes a key.</summary>
internal enum KeyForm
{
    Utf8,
    Hex,

    /// <summary>Base64 after <c>whsec_</c>, as in Standard Webhooks.</summary>
    Whsec,

    /// <summary>UTF-8 of the text in Unicode normalisation form KD.</summary>
    Nfkd,
}

/// <summary>One secret of a source in the form that its scheme needs. No record, because a record prints its members.</summary>
internal sealed class SourceSecret : IDisposable
{
    private const int MinRsaBits = 2048;

    private readonly Lock _rsaUse = new();
    private RSA? _rsa;

    private SourceSecret(string id, string text, DateTimeOffset? expiresAt)
        => (Id, Text, Hash, ExpiresAt) = (id, text, SHA256.HashData(Encoding.UTF8.GetBytes(text)), expiresAt);

    public string Id { get; }

    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>The name that the sender gives its key (<c>kid</c>); null where it gives none.</summary>
    public string? KeyId { get; private init; }

    public string Text { get; }

    /// <summary>SHA-256 of the text: compares two secrets without their lengths.</summary>
    public byte[] Hash { get; }

    /// <summary>The key of an HMAC.</summary>
    public byte[] Key { get; private set; } = [];

    /// <summary>The error does not contain the value.</summary>
    public static SourceSecret? Create(
        string id, string text, DateTimeOffset? expiresAt, VerifyScheme scheme, KeyForm form, out string? error,
        string? keyId = null)
    {
        var secret = new SourceSecret(id, text, expiresAt) { KeyId = keyId };
        error = scheme == VerifyScheme.RsaSha256 ? secret.ReadPem() : secret.ReadKey(scheme, form);
        return error is null ? secret : null;
    }

    public bool IsLive(DateTimeOffset now) => ExpiresAt is not { } end || now < end;

    /// <summary>RSA with PKCS#1 padding and SHA-256.</summary>
    public bool HasSigned(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        // An instance of RSA does not promise to work on two threads.
        lock (_rsaUse) return _rsa!.VerifyData(content, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public void Dispose() => _rsa?.Dispose();

    private string? ReadKey(VerifyScheme scheme, KeyForm form)
    {
        // A published key as the secret of an HMAC would let everybody sign.
        if (Text.Contains("-----BEGIN ", StringComparison.Ordinal)) return "is a PEM key, which only the scheme rsa-sha256 takes";
        if (scheme == VerifyScheme.Basic && !Text.Contains(':')) return "must be user:password for the scheme basic";
        // The runtime has no tables of Unicode here (InvariantGlobalization); ASCII is the same in every form.
        if (form == KeyForm.Nfkd && !Ascii.IsValid(Text))
            return "has signs beyond ASCII, which Key nfkd cannot read here; choose a secret of ASCII signs at the sender";
        try
        {
            Key = form switch
            {
                KeyForm.Hex => Convert.FromHexString(Text),
                KeyForm.Whsec => Convert.FromBase64String(
                    Text.StartsWith("whsec_", StringComparison.Ordinal) ? Text["whsec_".Length..] : Text),
                _ => Encoding.UTF8.GetBytes(Text),
            };
            return Key.Length == 0 ? "is empty" : null;
        }
        catch (FormatException)
        {
            return form == KeyForm.Hex
                ? "is no hex, which Key hex needs; copy it again or set Key to utf8"
                : "is no whsec_ and base64, which Key whsec needs; copy it again or set Key to utf8";
        }
    }

    private string? ReadPem()
    {
        if (Text.Contains("PRIVATE KEY", StringComparison.Ordinal))
            return "holds a private key; give the public key of the sender";
        try
        {
            _rsa = RSA.Create();
            _rsa.ImportFromPem(Text);
            return _rsa.KeySize < MinRsaBits ? $"has {_rsa.KeySize} bits; at least {MinRsaBits} are needed" : null;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return "is no public RSA key in PEM form (-----BEGIN PUBLIC KEY-----)";
        }
    }
}
