using System.Buffers.Text;
using System.Text;

namespace Gateway.LoadTest.Generate.Http;

/// <summary>
/// Parses one HTTP/1.1 response, from its first byte at every call: a response to a webhook usually arrives in one piece, so
/// keeping a position would cost more than it saves.
/// </summary>
internal static class ResponseParser
{
    /// <summary>False when the response is incomplete.</summary>
    /// <param name="ended">The server closed the connection, which ends a body without a length.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, bool ended, out Response response)
    {
        response = default;
        var skipped = 0;
        while (true)
        {
            var headLength = bytes[skipped..].IndexOf("\r\n\r\n"u8);
            if (headLength < 0) return false;
            var head = HeadOf(bytes.Slice(skipped, headLength + 2));
            skipped += headLength + 4;
            // 100 Continue and 103 Early Hints precede the response.
            if (head.Status is >= 100 and < 200) continue;
            if (LengthOf(head, bytes[skipped..], ended) is not { } length) return false;
            var closes = head.Closes || EndsWithConnection(head);
            response = new Response(head.Status, head.Replayed, closes, head.RetryAfter, skipped + length);
            return true;
        }
    }

    private static Head HeadOf(ReadOnlySpan<byte> lines)
    {
        var head = new Head(StatusOf(lines));
        for (var rest = After(lines); rest.Length > 0; rest = After(rest))
        {
            var line = rest[..rest.IndexOf("\r\n"u8)];
            var colon = line.IndexOf((byte)':');
            if (colon < 0) throw new InvalidDataException("A header of the response has no colon.");
            head.Read(line[..colon], line[(colon + 1)..].Trim((byte)' '));
        }

        return head;
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> lines) => lines[(lines.IndexOf("\r\n"u8) + 2)..];

    private static int StatusOf(ReadOnlySpan<byte> line)
        => line.StartsWith("HTTP/1."u8) && line.Length > 12
           && Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var used) && used == 3
            ? status
            : throw new InvalidDataException("The response does not start with a status line.");

    private static int? LengthOf(Head head, ReadOnlySpan<byte> body, bool ended)
    {
        if (head.Status is 204 or 304) return 0;
        if (head.Chunked) return ChunkedLength(body);
        if (head.ContentLength is { } length) return body.Length >= length ? length : null;
        return ended ? body.Length : null;
    }

    private static bool EndsWithConnection(Head head)
        => !head.Chunked && head.ContentLength is null && head.Status is not (204 or 304);

    private static int? ChunkedLength(ReadOnlySpan<byte> body)
    {
        for (var at = 0; ;)
        {
            var line = body[at..].IndexOf("\r\n"u8);
            if (line < 0) return null;
            if (!Utf8Parser.TryParse(body.Slice(at, line), out int size, out _, 'x'))
                throw new InvalidDataException("A chunk of the response has no size.");
            at += line + 2;
            if (size == 0) return TrailerEnd(body, at);
            at += size + 2;
            if (at > body.Length) return null;
        }
    }

    private static int? TrailerEnd(ReadOnlySpan<byte> body, int at)
    {
        while (true)
        {
            var line = body[at..].IndexOf("\r\n"u8);
            if (line < 0) return null;
            at += line + 2;
            if (line == 0) return at;
        }
    }

    private ref struct Head(int status)
    {
        public readonly int Status = status;
        public int? ContentLength;
        public int? RetryAfter;
        public bool Chunked;
        public bool Closes;
        public bool Replayed;

        public void Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            // The length excludes most headers at once.
            switch (name.Length)
            {
                case 10 when Is(name, "connection"u8): Closes = Is(value, "close"u8); break;
                case 11 when Is(name, "retry-after"u8) && Utf8Parser.TryParse(value, out int seconds, out _):
                    RetryAfter = seconds;
                    break;
                case 14 when Is(name, "content-length"u8) && Utf8Parser.TryParse(value, out int length, out _):
                    ContentLength = length;
                    break;
                case 17 when Is(name, "transfer-encoding"u8): Chunked = Is(value, "chunked"u8); break;
                case 19 when Is(name, "idempotent-replayed"u8): Replayed = Is(value, "true"u8); break;
            }
        }

        private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase) => Ascii.EqualsIgnoreCase(text, lowerCase);
    }
}

/// <summary>The parts of a response that the load test uses.</summary>
/// <param name="Closes">The server closes the connection after this response.</param>
/// <param name="RetryAfter">In seconds; null when absent or a date.</param>
/// <param name="Length">Length of the whole response in bytes.</param>
internal readonly record struct Response(int Status, bool Replayed, bool Closes, int? RetryAfter, int Length);
