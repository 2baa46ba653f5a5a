using System.Buffers.Binary;
using System.Text;
using StackExchange.Redis;

namespace Gateway.Shared.Idempotency;

/// <summary>A value in Redis: 16 bytes acceptance id and 8 bytes body hash, or <c>failed</c>, which is no entry.</summary>
internal static class CacheValue
{
    public static readonly RedisValue Failed = "failed";

    private const int IdLength = 16;
    private const int Length = IdLength + sizeof(ulong);

    public static RedisValue Of(CacheEntry entry)
    {
        var value = new byte[Length];
        entry.AcceptId.TryWriteBytes(value, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64BigEndian(value.AsSpan(IdLength), entry.BodyHash);
        return value;
    }

    public static CacheEntry? EntryOf(RedisValue value)
        => (byte[]?)value is { Length: Length } bytes
            ? new CacheEntry(
                new Guid(bytes.AsSpan(0, IdLength), bigEndian: true),
                BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(IdLength)))
            : null;

    /// <summary>The SCAN pattern for all keys with this prefix; special characters of the prefix are escaped.</summary>
    public static RedisValue PatternOf(string prefix)
    {
        var pattern = new StringBuilder();
        foreach (var character in prefix) pattern.Append(@"*?[]\^-".Contains(character) ? "\\" : "").Append(character);
        return pattern.Append('*').ToString();
    }
}
