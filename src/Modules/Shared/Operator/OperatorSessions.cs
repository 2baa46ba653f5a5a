using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Operator;

/// <summary>
/// A login as a signed text: <c>base64url(expiry.name).base64url(HMAC-SHA256)</c>. The server keeps no sessions: the text is
/// valid in every process with the same key and after restarts, and a new key invalidates it.
/// </summary>
public sealed class OperatorSessions(IOptions<OperatorOptions> options, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    // A derived key, so that no signature made with the operator key for another purpose is a valid session.
    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(options.Value.ApiKey), HMACSHA256.HashSizeInBytes,
        info: "gateway-console"u8.ToArray());

    public string Begin(string name)
    {
        var payload = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{time.GetUtcNow().Add(Lifetime).ToUnixTimeSeconds()}.{name}"));
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, payload))}";
    }

    /// <summary>The name of the operator; null if the text is invalid or has expired.</summary>
    public string? NameIn(string session)
    {
        // An empty operator key gives a signing key that anyone can derive.
        if (options.Value.ApiKey.Length == 0 || session.Split('.') is not [var payloadText, var signatureText]) return null;
        if (Decode(payloadText) is not { } payload || Decode(signatureText) is not { } signature) return null;
        if (!CryptographicOperations.FixedTimeEquals(signature, HMACSHA256.HashData(_key, payload))) return null;
        return Encoding.UTF8.GetString(payload).Split('.', 2) is [var expiry, var name]
               && long.TryParse(expiry, CultureInfo.InvariantCulture, out var end) && end > time.GetUtcNow().ToUnixTimeSeconds()
            ? name
            : null;
    }

    private static byte[]? Decode(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
