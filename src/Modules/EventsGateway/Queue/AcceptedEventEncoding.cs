using System.Buffers;
using System.Buffers.Binary;
using Gateway.EventsGateway.Events;

namespace Gateway.EventsGateway.Queue;

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
        var message = new ArrayBufferWriter<byte>();
        var first = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var envelope = Envelope.Of(events[i]);
            var frame = (2 * LengthBytes) + envelope.Length + events[i].Body.Length;
            if (i - first == maxEvents || (i > first && message.WrittenCount + frame > MaxMessageBytes))
            {
                yield return new EncodedEvents(message.WrittenSpan.ToArray(), i - first, events[first].AcceptId);
                message.ResetWrittenCount();
                first = i;
            }

            if (i == first) message.Write([Version]);
            Append(message, frame - LengthBytes, envelope, events[i].Body);
        }

        if (first < events.Count) yield return new EncodedEvents(message.WrittenSpan.ToArray(), events.Count - first, events[first].AcceptId);
    }

    /// <summary>
    /// At least one event, whatever came, and no content throws: what cannot be read is <see cref="AcceptedEvent.Parked"/>
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

    private static void Append(ArrayBufferWriter<byte> message, int frame, byte[] envelope, byte[] body)
    {
        Span<byte> lengths = stackalloc byte[2 * LengthBytes];
        BinaryPrimitives.WriteInt32BigEndian(lengths, frame);
        BinaryPrimitives.WriteInt32BigEndian(lengths[LengthBytes..], envelope.Length);
        message.Write(lengths);
        message.Write(envelope);
        message.Write(body);
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
        => AcceptedEvent.Parked(bytes.ToArray(), new Defect(EventOutcome.Unreadable, reason), now);
}

/// <summary>Ready to travel; the first acceptance names the message.</summary>
internal readonly record struct EncodedEvents(byte[] Message, int Count, Guid FirstAcceptId);
