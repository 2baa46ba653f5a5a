using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>The raw bytes of a request in memory of a pool, as many as have arrived; valid until it is disposed.</summary>
internal sealed class RequestBody(int maxBytes, BodyBudget budget) : IDisposable
{
    // One or two lengths of a usual webhook; a slow upload begins with it too.
    private const int FirstBytes = 512;

    private byte[] _buffer = [];
    private int _length;
    private int _taken;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    public ReceivedBody Received => new(_length, Convert.ToHexStringLower(SHA256.HashData(Bytes.Span)));

    /// <summary>Reads the body to its end, or until it is known to be too large. Null when the whole body was read.</summary>
    public async ValueTask<Rejection?> ReadAsync(HttpContext http)
    {
        // Before anything is read, so that "Expect: 100-continue" gets the answer instead of the body.
        if (http.Request.ContentLength > maxBytes) return Rejection.TooLarge;
        // The server's own limit is that of the other endpoints.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = maxBytes;
        CancellationTokenSource? time = null;
        try
        {
            var reader = http.Request.BodyReader;
            while (true)
            {
                if (!reader.TryRead(out var read)) read = await reader.ReadAsync((time ??= budget.StartTime()).Token);
                var rejection = Append(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                if (rejection is not null || read.IsCompleted) return rejection;
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or OverflowException)
        {
            // BadHttpRequestException is an IOException too: the server's word for a slow, broken or malformed upload.
            return ReadFault.Unreadable(fault);
        }
        finally
        {
            time?.Dispose();
        }
    }

    /// <summary>The body has a sender: it no longer counts in the budget of the others.</summary>
    public void Verified()
    {
        budget.Return(_taken);
        _taken = 0;
    }

    public void Dispose()
    {
        Verified();
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
    }

    private Rejection? Append(in ReadOnlySequence<byte> arrived)
    {
        if (arrived.Length > maxBytes - _length) return Rejection.TooLarge;
        var length = _length + (int)arrived.Length;
        if (length > _buffer.Length && !TryGrow(length)) return Rejection.Overloaded;
        arrived.CopyTo(_buffer.AsSpan(_length));
        _length = length;
        return null;
    }

    private bool TryGrow(int length)
    {
        // The pool's own sizes, so that what is taken is what is held.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, FirstBytes));
        var more = Math.Max(size, BodyBudget.FreeBytes) - Math.Max(_buffer.Length, BodyBudget.FreeBytes);
        if (!budget.TryTake(more)) return false;
        _taken += more;
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        return true;
    }
}
