using System.Security.Cryptography;
using System.Text;

namespace Gateway.EventsGateway.Entities;

/// <summary>
/// What remains of a removed event, so that a late copy of it has no effect. It has only a hash of the key: the key finds
/// the tombstone, but the tombstone does not reveal the key.
/// </summary>
internal sealed record Tombstone(EventStatus Status, DateTimeOffset? ProcessedAt, DateTimeOffset PurgedAt)
{
    public static byte[] HashOf(EventKey key) => SHA256.HashData(Encoding.ASCII.GetBytes(key.ToString()));
}
