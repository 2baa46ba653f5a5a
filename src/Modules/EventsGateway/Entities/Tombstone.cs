using System.Security.Cryptography;
using System.Text;

namespace Gateway.EventsGateway.Entities;

/// <summary>
/// What remains of a removed event, so that a late copy of it is detected as a duplicate. It has a hash instead of the key,
/// because an erasure has to remove the ids.
/// </summary>
internal sealed record Tombstone(EventStatus Status, DateTimeOffset? ProcessedAt, DateTimeOffset PurgedAt)
{
    public static byte[] HashOf(EventKey key) => SHA256.HashData(Encoding.ASCII.GetBytes(key.ToString()));
}
