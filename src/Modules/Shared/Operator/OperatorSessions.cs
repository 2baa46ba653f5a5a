using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Shared.Operator;

/// <summary>
/// A login as a signed text: <c>base64url(expiry.id.name).base64url(HMAC-SHA256)</c>. It is valid in every process with the same
/// key and after restarts. The server keeps the sessions that ended before they expire.
/// </summary>
public sealed class OperatorSessions(OperatorKeys keys, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly Lock _ending = new();
    private readonly Dictionary<string, DateTimeOffset> _ended = [];

    /// <returns>The text, and the id of the session in it.</returns>
    public (string Text, string Id) Begin(OperatorKey key)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var payload = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{time.GetUtcNow().Add(Lifetime).ToUnixTimeSeconds()}.{id}.{key.Name}"));
        return ($"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(SignatureOf(key, payload))}", id);
    }

    /// <summary>The operator; null if the text is invalid, has expired or has ended, or its key is gone.</summary>
    public OperatorIdentity? Find(string session)
    {
        if (session.Split('.') is not [var payloadText, var signatureText]) return null;
        if (Decode(payloadText) is not { } payload || Decode(signatureText) is not { } signature) return null;
        if (Encoding.UTF8.GetString(payload).Split('.', 3) is not [var expiry, var id, var name]) return null;
        if (keys.ByName(name) is not { } key) return null;
        if (!CryptographicOperations.FixedTimeEquals(signature, SignatureOf(key, payload))) return null;
        var isOpen = long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            && end > time.GetUtcNow().ToUnixTimeSeconds() && !HasEnded(id);
        return isOpen ? new OperatorIdentity(key.Name, key.Role, OperatorIdentity.Console, id) : null;
    }

    /// <summary>A copy of the cookie is invalid from now on, in this process.</summary>
    public void End(string id)
    {
        lock (_ending)
        {
            var now = time.GetUtcNow();
            foreach (var (old, expiry) in _ended)
                if (expiry < now) _ended.Remove(old);
            _ended[id] = now + Lifetime;
        }
    }

    private bool HasEnded(string id)
    {
        lock (_ending) return _ended.ContainsKey(id);
    }

    private static byte[] SignatureOf(OperatorKey key, byte[] payload) => HMACSHA256.HashData(key.SessionKey, payload);

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
