using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Gateway.EventsGateway.Sources.Verification;

/// <summary>
/// The parts of a JWT whose signature is HMAC-SHA256 (RFC 7515, 7519). The algorithm is not the sender's choice: a header with
/// any other one, or with extensions that must be understood, is rejected.
/// </summary>
internal static class JwtClaims
{
    private static readonly SearchValues<char> Alphabet
        = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>The signed part and the signature; null where the token has another form.</summary>
    public static (string Content, byte[] Signature)? Split(string token)
    {
        var parts = token.Split('.');
        // The decoder would skip padding and white space, which a JWT does not have.
        if (parts.Length != 3 || parts.Any(part => part.Length == 0 || part.AsSpan().ContainsAnyExcept(Alphabet))) return null;
        return Decode(parts[2]) is { } signature ? (token[..(parts[0].Length + 1 + parts[1].Length)], signature) : null;
    }

    /// <summary>
    /// The <c>kid</c> of the header; null where it has none. Read before the proof, and only where secrets have key ids.
    /// </summary>
    public static string? KeyIdOf(string token)
    {
        using var header = Read(token.Split('.', 2)[0]);
        if (header is null || !header.RootElement.TryGetProperty("kid", out var id) || id.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return id.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    /// <summary>
    /// Whether the algorithm is ours, and exp and nbf, where present, allow the time. Asked only after the signature was right:
    /// nothing else is parsed before.
    /// </summary>
    public static bool AreValid(string content, DateTimeOffset now)
    {
        var dot = content.IndexOf('.');
        if (!HasOurAlgorithm(content[..dot]) || Read(content[(dot + 1)..]) is not { } claims) return false;
        using (claims)
        {
            var (end, start) = (Number(claims, "exp"), Number(claims, "nbf"));
            if (end.IsWrong || start.IsWrong) return false;
            var seconds = now.ToUnixTimeMilliseconds() / 1000d;
            return !(end.Seconds + Skew.TotalSeconds <= seconds) && !(start.Seconds - Skew.TotalSeconds > seconds);
        }
    }

    private static bool HasOurAlgorithm(string part)
    {
        using var header = Read(part);
        return header is not null && !header.RootElement.TryGetProperty("crit", out _)
            && header.RootElement.TryGetProperty("alg", out var algorithm)
            && algorithm.ValueKind == JsonValueKind.String && algorithm.GetRawText() == "\"HS256\"";
    }

    private static (double? Seconds, bool IsWrong) Number(JsonDocument claims, string name)
    {
        if (!claims.RootElement.TryGetProperty(name, out var value)) return (null, false);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) ? (seconds, false) : (null, true);
    }

    private static JsonDocument? Read(string part)
    {
        if (Decode(part) is not { } json) return null;
        try
        {
            var document = JsonDocument.Parse(json, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static byte[]? Decode(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
