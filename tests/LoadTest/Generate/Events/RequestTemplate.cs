using System.Text;

namespace Gateway.LoadTest.Generate.Events;

/// <summary>A complete request and the offsets that are filled in at send time.</summary>
internal sealed record RequestTemplate(byte[] Request, int BodyOffset, int SignatureOffset, int[] NumberOffsets)
{
    public static RequestTemplate Of(Uri ingestUri, string body, string placeholder, int signatureLength)
    {
        var beforeSignature =
            $"POST {ingestUri.PathAndQuery} HTTP/1.1\r\nHost: {ingestUri.Authority}\r\nUser-Agent: gateway-load-test\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nx-signature: ";
        var head = $"{beforeSignature}{new string('0', signatureLength)}\r\n\r\n";
        return new RequestTemplate(
            Encoding.UTF8.GetBytes(head + body), head.Length, beforeSignature.Length,
            [.. Occurrences(body, placeholder).Select(at => head.Length + at)]);
    }

    private static IEnumerable<int> Occurrences(string text, string part)
    {
        var at = text.IndexOf(part, StringComparison.Ordinal);
        while (at >= 0)
        {
            yield return at;
            at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal);
        }
    }
}
