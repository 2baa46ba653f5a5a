using System.Buffers.Text;
using System.Text;

namespace Gateway.LoadTest.Http;

/// <summary>
/// Reads one HTTP/1.1 response from the bytes that have come so far, from their beginning each time: a response to a
/// webhook comes in one piece, so remembering a position would cost more than it saves.
/// </summary>
internal static class ResponseParser
{
    /// <summary>False when more bytes are needed.</summary>
    /// <param name="ended">No more will come: that is where a body without a length ends.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, bool ended, out Answer answer)
    {
        answer = default;
        var skipped = 0;
        while (true)
        {
            var headLength = bytes[skipped..].IndexOf("\r\n\r\n"u8);
            if (headLength < 0) return false;
            var head = HeadOf(bytes.Slice(skipped, headLength + 2));
            skipped += headLength + 4;
            // 100 Continue and 103 Early Hints come before the answer.
            if (head.Status is >= 100 and < 200) continue;
            if (LengthOf(head, bytes[skipped..], ended) is not { } length) return false;
            answer = new Answer(head.Status, head.Replayed, head.Closes || EndsWithConnection(head), head.RetryAfter, skipped + length);
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
            head.Take(line[..colon], line[(colon + 1)..].Trim((byte)' '));
        }

        return head;
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> lines) => lines[(lines.IndexOf("\r\n"u8) + 2)..];

    private static int StatusOf(ReadOnlySpan<byte> line)
        => line.StartsWith("HTTP/1."u8) && line.Length > 12 && Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var used) && used == 3
            ? status
            : throw new InvalidDataException("The response does not begin with a status line.");

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

        public void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            // By length first: most headers are none of these.
            switch (name.Length)
            {
                case 10 when Is(name, "connection"u8): Closes = Is(value, "close"u8); break;
                case 11 when Is(name, "retry-after"u8) && Utf8Parser.TryParse(value, out int seconds, out _): RetryAfter = seconds; break;
                case 14 when Is(name, "content-length"u8) && Utf8Parser.TryParse(value, out int length, out _): ContentLength = length; break;
                case 17 when Is(name, "transfer-encoding"u8): Chunked = Is(value, "chunked"u8); break;
                case 19 when Is(name, "idempotent-replayed"u8): Replayed = Is(value, "true"u8); break;
            }
        }

        private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase) => Ascii.EqualsIgnoreCase(text, lowerCase);
    }
}
