using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>HMAC-SHA256 (RFC 2104) over the raw bytes of a body, as hex.</summary>
internal sealed class WebhookSignature(IOptions<WebhookOptions> options) : IDisposable
{
    // One per thread: setting up the key costs as much as hashing 300 bytes (0.8 µs each).
    private readonly ThreadLocal<IncrementalHash> _hmac = new(
        () => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(options.Value.Secret)));

    /// <summary>Exactly one header of 64 hex digits, compared in constant time. Anything else is no signature (R14).</summary>
    public bool IsValid(StringValues signature, ReadOnlySpan<byte> body)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        if (signature.Count != 1 || signature[0] is not { Length: 2 * SHA256.HashSizeInBytes } hex) return false;
        if (Convert.FromHexString(hex, given, out _, out _) != OperationStatus.Done) return false;
        var hmac = _hmac.Value!;
        hmac.AppendData(body);
        hmac.GetHashAndReset(expected);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }

    public void Dispose() => _hmac.Dispose();
}
