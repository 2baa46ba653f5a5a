using System.Buffers.Binary;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>
/// Events as one message: a version byte, then per event its length, the length of its envelope, the envelope as JSON
/// and the body as it was signed. Lengths are 4 bytes, the most significant first.
/// </summary>
internal static class AcceptedEventEncoding
{
    public const string ContentType = "application/vnd.gateway.events; version=1";

    /// <summary>Beyond it a message holds a single event.</summary>
    public const int MaxMessageBytes = 1024 * 1024;

    private const byte Version = 1;
    private const int LengthBytes = 4;

    /// <summary>In order, as many as fit into one message, and again.</summary>
    public static IEnumerable<EncodedEvents> Encode(IReadOnlyList<AcceptedEvent> events, int maxEvents)
    {
        var frames = new List<Frame>(Math.Min(events.Count, maxEvents));
        var size = 1;
        foreach (var e in events)
        {
            var frame = new Frame(e, Envelope.Of(e));
            if (frames.Count == maxEvents || (frames.Count > 0 && size + frame.Size > MaxMessageBytes))
            {
                yield return Write(frames, size);
                (size, frames) = (1, new List<Frame>(frames.Count));
            }

            frames.Add(frame);
            size += frame.Size;
        }

        if (frames.Count > 0) yield return Write(frames, size);
    }

    /// <summary>
    /// At least one event, whatever came, and no content throws: what cannot be read is <see cref="AcceptedEvent.Quarantined"/>
    /// with its bytes, for its frame alone as long as the frames can be told apart.
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
                events.Add(Unreadable(events.Count == 0 ? message : rest, "cut off, or not a message of this gateway", now));
                break;
            }

            events.Add(DecodeFrame(frame, now));
        }
        while (!rest.IsEmpty);
        return events;
    }

    /// <summary>Into one array of just that size: one that grows is copied, and every copy of 85 KB is a large object.</summary>
    private static EncodedEvents Write(List<Frame> frames, int size)
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

        return new EncodedEvents(message, frames.Count, frames[0].Event.AcceptId);
    }

    private static AcceptedEvent DecodeFrame(ReadOnlySpan<byte> frame, DateTimeOffset now)
    {
        try
        {
            var body = frame;
            return TryTake(ref body, out var envelope)
                ? Envelope.Read(envelope, body.ToArray())
                : Unreadable(frame, "its envelope is cut off", now);
        }
        catch (Exception broken)
        {
            // Whatever is wrong with it: nothing that lies in a queue may stop its reader.
            return Unreadable(frame, $"its envelope is broken: {broken.Message}", now);
        }
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (rest.Length < LengthBytes) return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        if (length < 0 || length > rest.Length - LengthBytes) return false;
        taken = rest.Slice(LengthBytes, length);
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

/// <summary>Ready to travel; the first acceptance names the message.</summary>
internal readonly record struct EncodedEvents(byte[] Message, int Count, Guid FirstAcceptId);
