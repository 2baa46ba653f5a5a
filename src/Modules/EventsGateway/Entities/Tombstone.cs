using System.Security.Cryptography;
using System.Text;

namespace Gateway.EventsGateway.Entities;

/// <summary>
/// The rest of a removed event, by which a late copy of it is recognised. It holds a hash instead of the key, so that it
/// contains no id that an erasure has to remove.
/// </summary>
internal sealed record Tombstone(EventStatus Status, DateTimeOffset? ProcessedAt, DateTimeOffset PurgedAt)
{
    public static byte[] HashOf(EventKey key) => SHA256.HashData(Encoding.ASCII.GetBytes(key.ToString()));
}
