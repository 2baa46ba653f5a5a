using System.Buffers;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>The raw bytes of a request in memory of a pool; valid until it is disposed.</summary>
internal sealed class RequestBody(int maxBytes) : IDisposable
{
    // One byte more than allowed distinguishes a body that is too large from one that just fits.
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Math.Min(4096, maxBytes + 1));
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    private bool IsTooLarge => _length > maxBytes;

    /// <summary>Reads the body to its end, or until it is known to be too large. Null when the whole body was read.</summary>
    public async ValueTask<Rejection?> ReadAsync(HttpContext http)
    {
        try
        {
            int read;
            while (!IsTooLarge && (read = await http.Request.Body.ReadAsync(_buffer.AsMemory(_length), http.RequestAborted)) > 0)
            {
                _length += read;
                if (_length == _buffer.Length) Grow();
            }

            return IsTooLarge ? Rejection.TooLarge : null;
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // BadHttpRequestException is an IOException too: the server's word for a slow, broken or malformed upload.
            return Rejection.Unreadable(fault);
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
