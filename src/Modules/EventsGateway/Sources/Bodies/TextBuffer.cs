using System.Buffers;
using System.Text;

namespace Gateway.EventsGateway.Sources.Bodies;

/// <summary>Takes the UTF-8 of a template, part by part.</summary>
internal interface IContentSink
{
    void Append(ReadOnlySpan<byte> part);
}

/// <summary>Renders into a rented array, so that a template costs no more than its result.</summary>
internal sealed class TextBuffer : IContentSink, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(256);
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Append(ReadOnlySpan<byte> part)
    {
        if (part.Length > _bytes.Length - _length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + part.Length, _bytes.Length * 2));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        part.CopyTo(_bytes.AsSpan(_length));
        _length += part.Length;
    }

    public override string ToString() => Encoding.UTF8.GetString(Written);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
