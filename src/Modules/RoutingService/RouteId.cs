using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.RoutingService;

/// <summary>
/// <c>RoID-</c> and 13 digits. With an idempotency key the digits come from its hash, so a key has the same route in every
/// process and after every restart. Without a key they are the time, as in the original.
/// </summary>
internal static class RouteId
{
    private static readonly UInt128 ThirteenDigits = 10_000_000_000_000;

    public static UInt128 HashOf(string key)
        => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public static string Of(UInt128 keyHash) => Write((long)(keyHash % ThirteenDigits));

    public static string Of(DateTimeOffset now) => Write(now.ToUnixTimeMilliseconds());

    private static string Write(long digits) => "RoID-" + digits.ToString("D13", CultureInfo.InvariantCulture);
}
