using System.Text;
using CsCheck;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.NestInterop;
using Gateway.EventsGateway.Tests.Queue;
using Gateway.Shared.Json;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Tests.NestInterop;

public sealed class NestEnvelopeTests
{
    private const string Data =
        """{"eventId":"e-1","merchantId":"m-1","shippingCompanyId":"dhl","shipmentId":"s-1",""" + Rest;

    private const string Rest =
        "\"type\":\"SHIPMENT_CREATED\",\"occurredAt\":\"2026-02-25T14:30:00Z\",\"payload\":{\"weight\":12345678901234567890}}";

    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public void Message_of_the_original_is_read_with_the_bytes_of_its_data()
    {
        var e = Read($$"""{"pattern":"process-event","data":{{Data}}}""");

        e.Defect.ShouldBeNull();
        e.Key.ShouldBe(new EventKey("dhl", "e-1"));
        e.MerchantId.ShouldBe("m-1");
        e.ShipmentId.ShouldBe("s-1");
        e.Type.ShouldBe(EventType.Created);
        e.OccurredAt.ShouldBe(new DateTimeOffset(2026, 2, 25, 14, 30, 0, TimeSpan.Zero));
        e.ReceivedAt.ShouldBe(Now);
        e.Headers.ShouldBe("""{"body-source":"nest"}""");
        Encoding.UTF8.GetString(e.Body).ShouldBe(Data);
    }

    [Fact]
    public void Message_of_the_original_is_read_with_all_that_later_steps_need()
    {
        var e = Read($$"""{"pattern":"process-event","data":{{Data.Replace("CREATED", "DELIVERED")}}}""");

        (e.Source, e.SecretId, e.AfterEnd, e.Details)
            .ShouldBe((CanonicalEvent.BuiltInSource, null, null, """{"weight":12345678901234567890}"""));
        e.EffectiveAt.ShouldBe(e.OccurredAt.AddMilliseconds(999));
    }

    [Fact]
    public void Each_delivery_is_a_new_acceptance()
    {
        var message = $$"""{"pattern":"process-event","data":{{Data}}}""";

        Read(message).AcceptId.ShouldNotBe(Read(message).AcceptId);
    }

    [Fact]
    public void Unknown_members_and_an_id_are_tolerated()
        => Read($$"""{"id":"7","pattern":"x","x":{"data":1},"data":0,"data":{{Data}},"pattern":"process-event"}""")
            .Defect.ShouldBeNull();

    [Theory]
    [InlineData("", "not readable as JSON")]
    [InlineData("process-event", "not readable as JSON")]
    [InlineData("""{"pattern":"process-event","data":{}} {}""", "not readable as JSON")]
    [InlineData("""{"pattern":"process-event","data":{"eventId":"\ud800"}}""", "payload must be an object")]
    [InlineData("""{"pattern":"process-event","data":{"payload":{},"shippingCompanyId":"\ud800"}}""", "not readable as JSON")]
    [InlineData("[]", "its pattern is not process-event")]
    [InlineData("null", "its pattern is not process-event")]
    [InlineData("""{"data":{}}""", "its pattern is not process-event")]
    [InlineData("""{"pattern":"other","data":{}}""", "its pattern is not process-event")]
    [InlineData("""{"pattern":{"cmd":"process-event"},"data":{}}""", "its pattern is not process-event")]
    [InlineData("""{"pattern":"process-event"}""", "it has no data")]
    [InlineData("""{"pattern":"process-event","data":[]}""", "it has no data")]
    public void Message_that_is_no_event_is_quarantined_with_its_bytes(string message, string reason)
        => ShouldBeQuarantined(message, reason);

    [Theory]
    [InlineData("\"e-1\"", "\" \"", "eventId must not be blank")]
    [InlineData("\"m-1\"", "\"\"", "merchantId must not be blank")]
    [InlineData("\"dhl\"", "7", "shippingCompanyId must be a string")]
    [InlineData("\"s-1\"", "\"a\\u0000\"", "shipmentId must not contain control characters")]
    [InlineData("\"shipmentId\"", "\"x\"", "shipmentId must be a string")]
    [InlineData("SHIPMENT_CREATED", "SHIPMENT_LOST", "type must be " + EventTypeText.All)]
    [InlineData("2026-02-25T14:30:00Z", "2026-02-30T00:00:00Z", "occurredAt names a day that does not exist")]
    [InlineData("2026-02-25T14:30:00Z", "2026", "occurredAt must be an ISO 8601 date or date-time, such as 2026-02-25T14:30:00Z")]
    [InlineData("\"payload\"", "\"x\"", "payload must be an object")]
    [Trait("Defect", "S3")]
    [Trait("Defect", "S5")]
    public void Event_that_breaks_our_rules_is_quarantined_with_its_bytes(string part, string instead, string reason)
        => ShouldBeQuarantined($$"""{"pattern":"process-event","data":{{Data.Replace(part, instead)}}}""", reason);

    [Theory]
    [InlineData("""{"pattern":"other","data":{"eventId":"e-1"}}""", "e-1")]
    [InlineData("""{"pattern":"process-event","data":{"eventId":"e-1","type":7}}""", "e-1")]
    [InlineData("""{"pattern":"process-event","data":{"eventId":" ","type":7}}""", null)]
    [InlineData("""{"pattern":"process-event","data":["e-1"]}""", null)]
    [InlineData("""{"pattern":"process-event","data":{"eventId":"e-1""", null)]
    public void Quarantined_message_has_its_event_id_where_that_was_readable(string message, string? eventId)
    {
        var e = Read(message);

        e.Key.ShippingCompanyId.ShouldStartWith("~unreadable");
        if (eventId is null) e.Key.EventId.Length.ShouldBe(64);
        else e.Key.EventId.ShouldBe(eventId);
        e.Key.ShouldNotBe(Read(message + " ").Key);
    }

    [Fact]
    public void Invalid_utf8_is_quarantined()
    {
        byte[] message = [.. "{\"pattern\":\"process-event\",\"data\":{\"eventId\":\""u8, 255, .. "\"}}"u8];

        NestEnvelope.Read(message, Now).Defect.ShouldNotBeNull().Error.ShouldBe("not valid UTF-8");
    }

    [Fact]
    public void Body_of_the_greatest_accepted_depth_is_read_and_a_deeper_one_is_quarantined()
    {
        Read(Deep(63)).Defect.ShouldBeNull();
        ShouldBeQuarantined(Deep(64), "not readable as JSON");

        static string Deep(int depth) => $$"""{"pattern":"process-event","data":{{Data.Replace(
            """{"weight":12345678901234567890}""",
            string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1))}}}""";
    }

    [Fact]
    public void Random_and_damaged_messages_never_throw()
    {
        Gen.Byte.Array[0, 200].Sample(bytes => NestEnvelope.Read(bytes, Now).ShouldNotBeNull());
        var message = Encoding.UTF8.GetBytes($$"""{"pattern":"process-event","data":{{Data}}}""");
        Gen.Select(Gen.Int[0, message.Length - 1], Gen.Byte, Gen.Bool).Sample((at, value, isCut) =>
        {
            byte[] damaged = isCut ? message[..at] : [.. message[..at], value, .. message[(at + 1)..]];
            var e = NestEnvelope.Read(damaged, Now);
            if (e.Defect is not null) e.Body.ShouldBe(damaged);
        });
    }

    [Fact]
    [Trait("Defect", "S6")]
    public void An_event_is_written_as_the_original_writes_it_with_every_digit()
    {
        var e = GeneratedEvents.WithBody(
            Event() with { Key = new EventKey("d\"hl\\", "évt/<🚚>\u2028") }, "2026-02-25T14:30Z",
            """{"w":12345678901234567890,"o":1.0}""");
        const string data =
            """
            {"eventId":"évt/<🚚>*","merchantId":"m","shippingCompanyId":"d\"hl\\","shipmentId":"s","type":"SHIPMENT_UPDATED",
            "occurredAt":"2026-02-25T14:30Z","payload":{"w":12345678901234567890,"o":1.0}}
            """;

        Encoding.UTF8.GetString(NestEnvelope.Write(e))
            .ShouldBe($$"""{"pattern":"process-event","data":{{data.Replace("\n", "").Replace('*', '\u2028')}}}""");
    }

    [Fact]
    public void Written_event_is_read_back()
        => GeneratedEvents.Event.Sample(any =>
        {
            var e = GeneratedEvents.WithBody(any, IsoTime.Text(any.OccurredAt), "{\"a\":[1.0]}");

            var read = NestEnvelope.Read(NestEnvelope.Write(e), Now);

            // The original's format has no place for the other fields.
            (read with
            {
                AcceptId = e.AcceptId, ReceivedAt = e.ReceivedAt, Body = e.Body, Headers = e.Headers,
                Traceparent = e.Traceparent, RequestId = e.RequestId, EffectiveAt = e.EffectiveAt, Source = e.Source,
                SecretId = e.SecretId, AfterEnd = e.AfterEnd, Details = e.Details, ItemIndex = e.ItemIndex,
                RequestDigest = e.RequestDigest,
            }).ShouldBe(e);
            JsonBody.MemberOf(read.Body, "payload"u8).ToArray().ShouldBe("{\"a\":[1.0]}"u8.ToArray());
        });

    private static AcceptedEvent Event() => new()
    {
        AcceptId = Guid.Empty, Key = new EventKey("dhl", "e"), MerchantId = "m", ShipmentId = "s", Type = EventType.Updated,
        OccurredAt = Now, ReceivedAt = Now, Body = [],
    };

    private static AcceptedEvent Read(string message) => NestEnvelope.Read(Encoding.UTF8.GetBytes(message), Now);

    private static void ShouldBeQuarantined(string message, string reason)
    {
        var e = Read(message);

        e.Defect.ShouldBe(new Defect(FailureReason.Unreadable, reason));
        Encoding.UTF8.GetString(e.Body).ShouldBe(message);
    }
}
