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
        var message = new List<(byte[] Envelope, AcceptedEvent Event)>();
        var bytes = 1;
        foreach (var e in events)
        {
            var envelope = Envelope.Of(e);
            var frame = (2 * LengthBytes) + envelope.Length + e.Body.Length;
            if (message.Count == maxEvents || (message.Count > 0 && bytes + frame > MaxMessageBytes))
            {
                yield return Encoded(message, bytes);
                message.Clear();
                bytes = 1;
            }

            message.Add((envelope, e));
            bytes += frame;
        }

        if (message.Count > 0) yield return Encoded(message, bytes);
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

    private static EncodedEvents Encoded(List<(byte[] Envelope, AcceptedEvent Event)> events, int bytes)
    {
        var message = new byte[bytes];
        message[0] = Version;
        var rest = message.AsSpan(1);
        foreach (var (envelope, e) in events)
        {
            BinaryPrimitives.WriteInt32BigEndian(rest, LengthBytes + envelope.Length + e.Body.Length);
            BinaryPrimitives.WriteInt32BigEndian(rest[LengthBytes..], envelope.Length);
            envelope.CopyTo(rest[(2 * LengthBytes)..]);
            e.Body.CopyTo(rest[((2 * LengthBytes) + envelope.Length)..]);
            rest = rest[((2 * LengthBytes) + envelope.Length + e.Body.Length)..];
        }

        return new EncodedEvents(message, events.Count, events[0].Event.AcceptId);
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

/// <param name="Message">Ready to travel.</param>
/// <param name="Count">How many events it holds.</param>
/// <param name="FirstAcceptId">Names the message.</param>
internal readonly record struct EncodedEvents(byte[] Message, int Count, Guid FirstAcceptId);
