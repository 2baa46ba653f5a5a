using System.Security.Cryptography;
using System.Text;

namespace Gateway.Shared.Operator;

/// <summary>What a key may do. A role includes those before it.</summary>
public enum OperatorRole
{
    /// <summary>Looks at everything.</summary>
    Read,

    /// <summary>Replays and dismisses events, tries requests, clears the deduplication cache.</summary>
    Operate,

    /// <summary>Erases data, reopens shipments, pauses routing.</summary>
    Admin,
}

/// <summary>A configured key as its hash: the key itself is not kept.</summary>
public sealed class OperatorKey(string name, OperatorRole role, string key)
{
    private readonly byte[] _hash = HashOf(key);

    public string Name => name;

    public OperatorRole Role => role;

    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>
    /// Signs the sessions of this key: another key, or the same one under another name, ends them. Derived, so that no signature
    /// made with the key for another purpose is a valid session.
    /// </summary>
    public byte[] SessionKey { get; } = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key), HMACSHA256.HashSizeInBytes,
        info: Encoding.UTF8.GetBytes($"gateway-console {name}"));

    /// <summary>Hashes are compared: FixedTimeEquals returns at once for different lengths, which would reveal it.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    public bool IsSameAs(OperatorKey other) => name == other.Name && role == other.Role && Hash.SequenceEqual(other.Hash);
}

public static class OperatorRoles
{
    /// <summary>As settings and answers have it.</summary>
    public static string Text(this OperatorRole role) => role switch
    {
        OperatorRole.Read => "read",
        OperatorRole.Operate => "operate",
        _ => "admin",
    };
}
