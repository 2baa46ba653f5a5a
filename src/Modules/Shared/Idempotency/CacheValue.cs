using System.Buffers.Binary;
using System.Text;
using StackExchange.Redis;

namespace Gateway.Shared.Idempotency;

/// <summary>What stands behind a key: 16 bytes acceptance and 8 bytes body hash, or <c>failed</c>, which is no mark.</summary>
internal static class CacheValue
{
    public static readonly RedisValue Failed = "failed";

    private const int IdLength = 16;
    private const int Length = IdLength + sizeof(ulong);

    public static RedisValue Of(CacheEntry mark)
    {
        var value = new byte[Length];
        mark.AcceptId.TryWriteBytes(value, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64BigEndian(value.AsSpan(IdLength), mark.BodyHash);
        return value;
    }

    public static CacheEntry? MarkOf(RedisValue value)
        => (byte[]?)value is { Length: Length } bytes
            ? new CacheEntry(new Guid(bytes.AsSpan(0, IdLength), bigEndian: true), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(IdLength)))
            : null;

    /// <summary>For SCAN: every key that begins like this, whatever the prefix holds.</summary>
    public static RedisValue PatternOf(string prefix)
    {
        var pattern = new StringBuilder();
        foreach (var character in prefix) pattern.Append(@"*?[]\^-".Contains(character) ? "\\" : "").Append(character);
        return pattern.Append('*').ToString();
    }
}
