using System.Buffers.Binary;
using System.Text;
using StackExchange.Redis;

namespace Gateway.Shared.Idempotency;

/// <summary>A value in Redis: acceptance id (16 bytes), body hash (8) and version (1), or <c>failed</c>: no entry.</summary>
internal static class CacheValue
{
    public static readonly RedisValue Failed = "failed";

    private const int IdLength = 16;
    private const int VersionAt = IdLength + sizeof(ulong);
    private const int Length = VersionAt + 1;

    /// <summary>
    /// What the hash is made of. Values of earlier versions, without this byte, have another hash and are no entries: their
    /// events pass to the store, which knows them.
    /// </summary>
    private const byte OfJson = 2;

    public static RedisValue Of(CacheEntry entry)
    {
        var value = new byte[Length];
        entry.AcceptId.TryWriteBytes(value, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64BigEndian(value.AsSpan(IdLength), entry.BodyHash);
        value[VersionAt] = OfJson;
        return value;
    }

    public static CacheEntry? EntryOf(RedisValue value)
        => (byte[]?)value is { Length: Length } bytes && bytes[VersionAt] == OfJson
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
