using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace Gateway.Shared.Json;

/// <summary>
/// A hash of what a JSON text says: equal for texts that differ in white space, the order of members or the escapes of strings.
/// One pass without allocation. Processes of any version compare it, so it must not change. It is no protection: a sender can
/// construct two texts with one hash.
/// </summary>
public static class JsonHash
{
    private const ulong Seed = 0x9E3779B97F4A7C15;
    private const int MaxDepth = 64;

    public static bool AreEqual(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
        => one.SequenceEqual(other) || Of(one) == Of(other);

    /// <summary>Of bytes that are no JSON: a hash of the bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> json)
    {
        try
        {
            var withoutBom = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
            var reader = new Utf8JsonReader(withoutBom, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            var hash = OfValue(ref reader);
            return reader.Read() ? OfBytes(json, Seed) : Spread(hash);
        }
        catch (JsonException)
        {
            return OfBytes(json, Seed);
        }
    }

    private static ulong OfValue(ref Utf8JsonReader reader)
    {
        var hash = Mixed(Seed, (ulong)reader.TokenType);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                // A sum, because it does not depend on the order.
                ulong members = 0;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = OfText(ref reader, Seed);
                    reader.Read();
                    members += Spread(Mixed(name, OfValue(ref reader)));
                }

                return Mixed(hash, members);
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) hash = Mixed(hash, OfValue(ref reader));
                return hash;
            default:
                return OfText(ref reader, hash);
        }
    }

    private static ulong OfText(ref Utf8JsonReader reader, ulong hash)
    {
        if (!reader.ValueIsEscaped) return OfBytes(reader.ValueSpan, hash);
        var text = reader.ValueSpan.Length <= 512 ? stackalloc byte[512] : new byte[reader.ValueSpan.Length];
        try
        {
            return OfBytes(text[..reader.CopyString(text)], hash);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return OfBytes(reader.ValueSpan, hash);
        }
    }

    private static ulong OfBytes(ReadOnlySpan<byte> bytes, ulong hash)
    {
        hash = Mixed(hash, (ulong)bytes.Length);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            hash = Mixed(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        ulong rest = 0;
        foreach (var one in bytes) rest = (rest << 8) | one;
        return Mixed(hash, rest);
    }

    /// <summary>One step of MurmurHash3; no value is lost, whatever the hash before.</summary>
    private static ulong Mixed(ulong hash, ulong value)
    {
        value = BitOperations.RotateLeft(value * 0x87C37B91114253D5, 31) * 0x4CF5AD432745937F;
        return (BitOperations.RotateLeft(hash ^ value, 27) * 5) + 0x52DCE729;
    }

    /// <summary>Its end: every bit changes every other, before hashes are added.</summary>
    private static ulong Spread(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }
}
