using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gateway.EventsGateway.Sources.Verification;

/// <summary>The bytes of a signature; null where its text has another encoding or length.</summary>
internal static class SignatureBytes
{
    /// <param name="text">The signature as it was sent.</param>
    /// <param name="isBase64">Else hex in either case.</param>
    /// <param name="length">0: any.</param>
    public static byte[]? Of(string text, bool isBase64, int length)
    {
        var bytes = isBase64 ? OfBase64(text) : OfHex(text);
        return bytes is null || (length > 0 && bytes.Length != length) ? null : bytes;
    }

    public static byte[]? OfBase64(string text)
    {
        // White space, which the decoder would skip, is part of no signature.
        if (!Base64.IsValid(text, out var length) || text.Length != (length + 2) / 3 * 4) return null;
        return Convert.FromBase64String(text);
    }

    /// <summary>user:password of the header Authorization.</summary>
    public static byte[]? OfBasic(string credentials)
    {
        const string scheme = "Basic ";
        return credentials.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? OfBase64(credentials[scheme.Length..].Trim())
            : null;
    }

    /// <summary>Whether one of the signatures is right; all are compared, in constant time.</summary>
    public static bool AnyIsOf(
        VerifySettings verify, SourceSecret secret, ReadOnlySpan<byte> content, params ReadOnlySpan<byte[]> signatures)
    {
        var isEqual = false;
        if (verify.Scheme == VerifyScheme.RsaSha256)
        {
            foreach (var signature in signatures) isEqual |= secret.HasSigned(content, signature);
            return isEqual;
        }

        Span<byte> expected = stackalloc byte[verify.SignatureLength];
        Hash(verify.Scheme, secret.Key, content, expected);
        foreach (var signature in signatures) isEqual |= CryptographicOperations.FixedTimeEquals(signature, expected);
        return isEqual;
    }

    public static void Hash(VerifyScheme scheme, byte[] key, ReadOnlySpan<byte> content, Span<byte> hash)
    {
        if (scheme == VerifyScheme.Sha256) SHA256.HashData(content, hash);
        else if (scheme == VerifyScheme.HmacSha512) HMACSHA512.HashData(key, content, hash);
        else HMACSHA256.HashData(key, content, hash);
    }

    private static byte[]? OfHex(string text)
    {
        if (text.Length % 2 != 0) return null;
        var bytes = new byte[text.Length / 2];
        return Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }
}
