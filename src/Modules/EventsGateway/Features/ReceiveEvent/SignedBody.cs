using System.Buffers;
using Gateway.EventsGateway.Queue;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>The verified bytes of a request; they live as long as the request does.</summary>
internal sealed record SignedBody(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>What they say; null where that cannot be read.</summary>
    public ReceiveEventDto? Event { get; set; }

    /// <summary>What became of it; null where an exception tells.</summary>
    public EnqueueResult? Enqueued { get; set; }
}

/// <summary>What has been read of a body, in borrowed memory.</summary>
internal sealed class BodyBuffer(long? expected, int maxBytes) : IDisposable
{
    // One byte more than is allowed tells "too large" from "just fits".
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(expected ?? 4096, maxBytes) + 1);
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>To its end, or until it is known to be too large.</summary>
    public async Task ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        int read;
        while (_length <= maxBytes && (read = await body.ReadAsync(_buffer.AsMemory(_length), cancellationToken)) > 0)
        {
            _length += read;
            if (_length == _buffer.Length) Grow();
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
