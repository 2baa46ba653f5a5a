using System.Globalization;
using System.Text;
using Gateway.EventsGateway.Sources.Samples;
using Gateway.EventsGateway.Sources.Verification;
using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Generate.Sources;

/// <summary>A signed request of a source as a template: numbers and proof are filled in at send time.</summary>
internal sealed class SourceRequest
{
    private readonly byte[] _request;
    private readonly List<NumberPlace> _numbers;
    private readonly byte[]? _content;
    private readonly List<NumberPlace> _contentNumbers = [];
    private readonly int _proofAt = -1;

    /// <param name="signed">Of the events from number 0.</param>
    /// <param name="run">The digits before each number.</param>
    public SourceRequest(SignedSample signed, Uri gateway, string run)
    {
        _request = [.. Encoding.UTF8.GetBytes(HeadOf(signed, gateway)), .. signed.Body];
        _numbers = NumbersIn(_request, run);
        _content = signed.Proof.Content;
        if (_content is null) return;
        _contentNumbers = NumbersIn(_content, run);
        _proofAt = _request.AsSpan().IndexOf(Encoding.UTF8.GetBytes(signed.Proof.Text));
        if (_proofAt < 0) throw new CannotRunException($"{signed.Target} holds its signature escaped, which cannot be loaded.");
    }

    public int Length => _request.Length;

    public int ContentLength => _content?.Length ?? 0;

    /// <param name="first">The number of its first event.</param>
    /// <param name="content">Space for <see cref="ContentLength"/> bytes.</param>
    public int Write(long first, Span<byte> destination, Span<byte> content, VerifySettings verify, SourceSecret secret)
    {
        Fill(_request, _numbers, first, destination);
        if (_content is null) return _request.Length;
        content = content[.._content.Length];
        Fill(_content, _contentNumbers, first, content);
        Span<byte> hash = stackalloc byte[verify.SignatureLength];
        SignatureBytes.Hash(verify.Scheme, secret.Key, content, hash);
        var proof = destination[_proofAt..];
        if (verify.IsBase64) System.Buffers.Text.Base64.EncodeToUtf8(hash, proof, out _, out _);
        else Convert.TryToHexStringLower(hash, proof, out _);
        return _request.Length;
    }

    private static void Fill(byte[] template, List<NumberPlace> numbers, long first, Span<byte> destination)
    {
        template.CopyTo(destination);
        foreach (var (at, index) in numbers)
            (first + index).TryFormat(destination.Slice(at, RunIds.Digits), out _, "D10", CultureInfo.InvariantCulture);
    }

    private static List<NumberPlace> NumbersIn(byte[] bytes, string run)
    {
        var (places, digits) = (new List<NumberPlace>(), Encoding.UTF8.GetBytes(run));
        for (int at = 0, found; (found = bytes.AsSpan(at).IndexOf(digits)) >= 0;)
        {
            at += found + digits.Length;
            places.Add(new NumberPlace(at, int.Parse(bytes.AsSpan(at, RunIds.Digits), CultureInfo.InvariantCulture)));
        }

        return places;
    }

    private static string HeadOf(SignedSample signed, Uri gateway)
    {
        var head = new StringBuilder($"POST {signed.Target} HTTP/1.1\r\nHost: {gateway.Authority}\r\n")
            .Append($"User-Agent: gateway-load-test\r\nContent-Length: {signed.Body.Length}\r\n");
        if (!signed.Headers.ContainsKey("content-type")) head.Append("Content-Type: application/json\r\n");
        foreach (var (name, value) in signed.Headers) head.Append($"{name}: {value}\r\n");
        return head.Append("\r\n").ToString();
    }

    /// <param name="Index">Of the event in its request.</param>
    private readonly record struct NumberPlace(int At, int Index);
}
