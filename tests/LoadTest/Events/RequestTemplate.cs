using System.Text;

namespace Gateway.LoadTest.Events;

/// <summary>A whole request with the places that are filled in later.</summary>
internal sealed record RequestTemplate(byte[] Request, int BodyOffset, int SignatureOffset, int[] NumberOffsets)
{
    public static RequestTemplate Of(Uri door, string body, string placeholder, int signatureLength)
    {
        var beforeSignature =
            $"POST {door.PathAndQuery} HTTP/1.1\r\nHost: {door.Authority}\r\nUser-Agent: gateway-load-test\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nx-signature: ";
        var head = $"{beforeSignature}{new string('0', signatureLength)}\r\n\r\n";
        return new RequestTemplate(
            Encoding.UTF8.GetBytes(head + body), head.Length, beforeSignature.Length,
            [.. Occurrences(body, placeholder).Select(at => head.Length + at)]);
    }

    private static IEnumerable<int> Occurrences(string text, string part)
    {
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
            yield return at;
    }
}
