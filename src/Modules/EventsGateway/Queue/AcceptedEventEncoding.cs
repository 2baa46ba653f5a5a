using System.Buffers.Binary;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Queue;

/// <summary>
/// Several events in one message: a version byte, then per event its length, the length of its envelope, the envelope as JSON
/// and the signed body. Lengths have 4 bytes, big-endian.
/// </summary>
internal static class AcceptedEventEncoding
{
    public const string ContentType = "application/vnd.gateway.events; version=1";

    /// <summary>A message exceeds this size only if it holds a single event.</summary>
    public const int MaxMessageBytes = 1024 * 1024;

    private const byte Version = 1;
    private const int LengthBytes = 4;

    /// <summary>Fills one message after the other, in the order of the events.</summary>
    public static IEnumerable<EncodedEvents> Encode(IReadOnlyList<AcceptedEvent> events, int maxEvents)
    {
        var frames = new List<Frame>(Math.Min(events.Count, maxEvents));
        var size = 1;
        foreach (var e in events)
        {
            var frame = new Frame(e, Envelope.Of(e));
            if (frames.Count == maxEvents || (frames.Count > 0 && size + frame.Size > MaxMessageBytes))
            {
                yield return new EncodedEvents(Write(frames, size), frames.Count, frames[0].Event.AcceptId);
                (size, frames) = (1, new List<Frame>(frames.Count));
            }

            frames.Add(frame);
            size += frame.Size;
        }

        if (frames.Count > 0)
            yield return new EncodedEvents(Write(frames, size), frames.Count, frames[0].Event.AcceptId);
    }

    /// <summary>All events in one message; none is the version byte alone.</summary>
    public static byte[] EncodeAll(IEnumerable<AcceptedEvent> events)
    {
        var frames = events.Select(e => new Frame(e, Envelope.Of(e))).ToList();
        return Write(frames, 1 + frames.Sum(frame => frame.Size));
    }

    /// <summary>
    /// Returns at least one event and never throws: bytes that cannot be read become a <see cref="AcceptedEvent.Quarantined"/>
    /// event. As long as the frames can be separated, only the broken frame is quarantined.
    /// </summary>
    public static List<AcceptedEvent> Decode(ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        if (message.IsEmpty || message[0] != Version) return [Unreadable(message, "not a message of this gateway", now)];
        var events = new List<AcceptedEvent>();
        var rest = message[1..];
        do
        {
            if (!TryTake(ref rest, out var frame))
            {
                events.Add(Unreadable(events.Count == 0 ? message : rest, "truncated, or not a message of this gateway", now));
                break;
            }

            events.Add(DecodeFrame(frame, now));
        }
        while (!rest.IsEmpty);
        return events;
    }

    /// <summary>One array of the exact size: a growing one is copied, and each copy of 85 KB or more is a large object.</summary>
    private static byte[] Write(List<Frame> frames, int size)
    {
        var message = new byte[size];
        message[0] = Version;
        var rest = message.AsSpan(1);
        foreach (var frame in frames)
        {
            BinaryPrimitives.WriteInt32BigEndian(rest, frame.Size - LengthBytes);
            BinaryPrimitives.WriteInt32BigEndian(rest[LengthBytes..], frame.Envelope.Length);
            frame.Envelope.CopyTo(rest[(2 * LengthBytes)..]);
            frame.Event.Body.CopyTo(rest[((2 * LengthBytes) + frame.Envelope.Length)..]);
            rest = rest[frame.Size..];
        }

        return message;
    }

    private static AcceptedEvent DecodeFrame(ReadOnlySpan<byte> frame, DateTimeOffset now)
    {
        try
        {
            var body = frame;
            return TryTake(ref body, out var envelope)
                ? Envelope.Read(envelope, body.ToArray())
                : Unreadable(frame, "its envelope is truncated", now);
        }
        catch (Exception broken)
        {
            // No message may stop the reader of the queue.
            return Unreadable(frame, $"its envelope is broken: {broken.Message}", now);
        }
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (rest.Length < LengthBytes) return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        if (length < 0 || length > rest.Length - LengthBytes) return false;
        bytes = rest.Slice(LengthBytes, length);
        rest = rest[(LengthBytes + length)..];
        return true;
    }

    private static AcceptedEvent Unreadable(ReadOnlySpan<byte> bytes, string reason, DateTimeOffset now)
        => AcceptedEvent.Quarantined(bytes.ToArray(), new Defect(FailureReason.Unreadable, reason), now);

    private readonly record struct Frame(AcceptedEvent Event, byte[] Envelope)
    {
        public int Size => (2 * LengthBytes) + Envelope.Length + Event.Body.Length;
    }
}

/// <summary>One encoded message. The accept id of its first event becomes the message id.</summary>
internal readonly record struct EncodedEvents(byte[] Message, int Count, Guid FirstAcceptId);
