using System.Security.Cryptography;
using System.Text;

namespace Gateway.EventsGateway.Entities;

/// <summary>
/// What stays of an event that was removed, so that a late copy of it takes no effect. Its key is kept as a hash alone:
/// who knows the key finds it, and it tells nobody the key.
/// </summary>
internal sealed record Tombstone(EventStatus Status, DateTimeOffset? ProcessedAt, DateTimeOffset PurgedAt)
{
    public static byte[] HashOf(EventKey key) => SHA256.HashData(Encoding.ASCII.GetBytes(key.ToString()));
}
