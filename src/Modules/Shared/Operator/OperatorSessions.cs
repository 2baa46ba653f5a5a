using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Operator;

/// <summary>
/// A login as a text that only who has the operator key can have made: <c>base64url(end.name).base64url(HMAC-SHA256)</c>.
/// Nothing is kept: it is valid on every process that has the key, over restarts, and void once the key changes.
/// </summary>
public sealed class OperatorSessions(IOptions<OperatorOptions> options, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    // Not the key itself: what is made with this one can never be taken for something else that the key has signed.
    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(options.Value.ApiKey), HMACSHA256.HashSizeInBytes, info: "gateway-console"u8.ToArray());

    public string Begin(string name)
    {
        var payload = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{time.GetUtcNow().Add(Lifetime).ToUnixTimeSeconds()}.{name}"));
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, payload))}";
    }

    /// <summary>Who logged in; null where nobody did, or too long ago.</summary>
    public string? NameIn(string session)
    {
        // Without a key there is nothing to sign with, and everybody could.
        if (options.Value.ApiKey.Length == 0 || session.Split('.') is not [var payloadText, var signatureText]) return null;
        if (Decode(payloadText) is not { } payload || Decode(signatureText) is not { } signature) return null;
        if (!CryptographicOperations.FixedTimeEquals(signature, HMACSHA256.HashData(_key, payload))) return null;
        return Encoding.UTF8.GetString(payload).Split('.', 2) is [var end, var name]
               && long.Parse(end, CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds()
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
