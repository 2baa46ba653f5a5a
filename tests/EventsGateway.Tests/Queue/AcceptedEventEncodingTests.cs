using CsCheck;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Tests.Queue;

public sealed class AcceptedEventEncodingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly AcceptedEvents _newEvents = new(TimeProvider.System, seed: 9);

    [Fact]
    public void Any_event_is_decoded_as_it_was_encoded()
        => GeneratedEvents.Event.Array[1, 5].Sample(events =>
        {
            var message = AcceptedEventEncoding.Encode(events, 128).ShouldHaveSingleItem();
            message.FirstAcceptId.ShouldBe(events[0].AcceptId);

            Same(AcceptedEventEncoding.Decode(message.Message, Now), events);
        });

    [Theory]
    [InlineData("SHIPMENT_DELIVERED", "2026-02-28T23:59:59.999Z")]
    [InlineData("SHIPMENT_UPDATED", null)]
    public void Message_of_the_version_before_is_read_with_what_its_body_says(string type, string? effectiveAt)
    {
        const string body = """{"occurredAt":"2026-02-28","payload":{"weight":1.50,"origin":"Cairo"}}""";
        var envelope = $$"""
            {"acceptId":"0190a0b0-0102-7304-8506-070809101112","shippingCompanyId":"dhl","eventId":"e","merchantId":"m",
            "shipmentId":"s","type":"{{type}}","occurredAt":1772236800000,"receivedAt":1772323200000}
            """;

        var e = AcceptedEventEncoding.Decode(Message(envelope, body), Now).ShouldHaveSingleItem();

        e.Defect.ShouldBeNull();
        (e.Source, e.SecretId, e.AfterEnd, e.ItemIndex, e.RequestDigest)
            .ShouldBe((CanonicalEvent.BuiltInSource, AcceptedEvent.BuiltInSecretId, null, null, null));
        e.Details.ShouldBe("""{"origin":"Cairo","weight":1.50}""");
        (e.EffectiveAt is { } at ? IsoTime.Text(at) : null).ShouldBe(effectiveAt);
    }

    [Fact]
    public void Message_with_an_unknown_rule_is_quarantined()
    {
        var message = AcceptedEventEncoding.Encode([_newEvents.OfSource()], 1).Single().Message;
        message[message.AsSpan().IndexOf("settle"u8)] = (byte)'m';

        AcceptedEventEncoding.Decode(message, Now).ShouldHaveSingleItem().Defect.ShouldNotBeNull()
            .Error.ShouldContain("unknown afterEnd mettle");
    }

    [Fact]
    public void Random_bytes_are_quarantined_or_read_but_never_throw()
        => Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            AcceptedEventEncoding.Decode(bytes, Now).ShouldNotBeEmpty();
            AcceptedEventEncoding.Decode([1, .. bytes], Now).ShouldNotBeEmpty();
        });

    [Fact]
    public void Damaged_message_never_throws_and_yields_at_least_one_event()
        => Gen.Select(GeneratedEvents.Event.Array[1, 4], Gen.Int[0, int.MaxValue], Gen.Byte, Gen.Bool).Sample(
            (events, at, value, isCut) =>
        {
            var message = AcceptedEventEncoding.Encode(events, 128).Single().Message;
            if (isCut) message = message[..(at % message.Length)];
            else message[at % message.Length] = value;

            var decoded = AcceptedEventEncoding.Decode(message, Now);

            decoded.ShouldNotBeEmpty();
            decoded.Where(e => e.Defect is null).ShouldAllBe(e => FieldRules.ValidateId(e.Key.EventId) == null);
        });

    [Fact]
    public void Broken_envelope_is_quarantined_and_the_other_events_are_read()
    {
        var events = _newEvents.Take(3);
        var message = AcceptedEventEncoding.Encode(events, 128).Single().Message;
        var second = message.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(events[1].AcceptId.ToString()));
        message[second] = (byte)'!';

        var decoded = AcceptedEventEncoding.Decode(message, Now);

        decoded.Count.ShouldBe(3);
        Same([decoded[0], decoded[2]], [events[0], events[2]]);
        decoded[1].Defect.ShouldNotBeNull().Reason.ShouldBe(FailureReason.Unreadable);
        decoded[1].Body.AsSpan().IndexOf(events[1].Body).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Events_before_a_truncated_one_are_read()
    {
        var events = _newEvents.Take(3);
        var message = AcceptedEventEncoding.Encode(events, 128).Single().Message[..^1];

        var decoded = AcceptedEventEncoding.Decode(message, Now);

        Same(decoded[..2], events[..2]);
        decoded[2].Defect.ShouldNotBeNull().Error.ShouldStartWith("truncated");
    }

    [Fact]
    public void Foreign_message_is_quarantined_completely()
    {
        byte[] message = [.. """{"pattern":"process-event","data":{}}"""u8];

        var quarantined = AcceptedEventEncoding.Decode(message, Now).ShouldHaveSingleItem();

        quarantined.Defect.ShouldNotBeNull().Reason.ShouldBe(FailureReason.Unreadable);
        quarantined.Body.ShouldBe(message);
        quarantined.ReceivedAt.ShouldBe(Now);
    }

    [Theory]
    [InlineData(1, new[] { 1, 1, 1, 1, 1 })]
    [InlineData(2, new[] { 2, 2, 1 })]
    [InlineData(5, new[] { 5 })]
    [InlineData(128, new[] { 5 })]
    public void Message_holds_at_most_the_configured_number_of_events(int most, int[] counts)
        => AcceptedEventEncoding.Encode(_newEvents.Take(5), most).Select(message => message.Count).ShouldBe(counts);

    [Fact]
    public void Message_holds_at_most_one_mebibyte_unless_a_single_event_is_larger()
    {
        int[] sizes = [600_000, 400_000, 100_000, 2_000_000, 10, 20];
        var events = sizes.Select(size => _newEvents.Next() with { Body = new byte[size] }).ToArray();

        var messages = AcceptedEventEncoding.Encode(events, 128).ToList();

        messages.Select(message => message.Count).ShouldBe([2, 1, 1, 2]);
        messages.Where(message => message.Count > 1)
            .ShouldAllBe(message => message.Message.Length <= AcceptedEventEncoding.MaxMessageBytes);
        Same([.. messages.SelectMany(message => AcceptedEventEncoding.Decode(message.Message, Now))], events);
    }

    private static byte[] Message(string envelope, string body)
    {
        byte[] frame = [.. Length(envelope.Length), .. System.Text.Encoding.UTF8.GetBytes(envelope + body)];
        return [1, .. Length(frame.Length), .. frame];

        static byte[] Length(int bytes) => [0, 0, (byte)(bytes >> 8), (byte)bytes];
    }

    private static void Same(List<AcceptedEvent> decoded, AcceptedEvent[] events)
    {
        decoded.Count.ShouldBe(events.Length);
        foreach (var (one, other) in decoded.Zip(events))
        {
            one.Body.ShouldBe(other.Body);
            (one with { Body = other.Body }).ShouldBe(other);
        }
    }
}
