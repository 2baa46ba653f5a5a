using System.Text;
using CsCheck;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent;

public sealed class ReceiveEventDtoTests
{
    private const string Whole =
        """{"eventId":"e","merchantId":"m","shippingCompanyId":"c","shipmentId":"s","type":"t","occurredAt":"o","payload":{}}""";

    [Fact]
    public void Every_field_is_read() => Parse(Whole).ShouldBe(new ReceiveEventDto
    {
        EventId = "e", MerchantId = "m", ShippingCompanyId = "c", ShipmentId = "s", Type = "t", OccurredAt = "o",
        PayloadIsObject = true,
    });

    [Fact]
    public void Byte_order_mark_is_tolerated() => Parse("\uFEFF" + Whole).ShouldBe(Parse(Whole));

    [Fact]
    public void Last_of_repeated_members_counts()
    {
        Parse("""{"eventId":"1","eventId":"2"}""").EventId.ShouldBe("2");
        Parse("""{"eventId":"1","eventId":2}""").EventId.ShouldBeNull();
        Parse("""{"payload":{},"payload":[]}""").PayloadIsObject.ShouldBeFalse();
        Parse("""{"payload":null,"payload":{}}""").PayloadIsObject.ShouldBeTrue();
    }

    [Fact]
    public void Unknown_members_are_skipped_and_escaped_names_are_read()
        => Parse("""{"x":{"eventId":"no"},"y":[{"eventId":"no"}],"\u0065ventId":"yes","EVENTID":"no"}""").EventId.ShouldBe("yes");

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[\"e\"]")]
    [InlineData("{\"a\":\"e\"}")]
    public void Field_that_is_not_a_string_is_null_and_the_next_field_is_read(string value)
    {
        var dto = Parse($$"""{"eventId":{{value}},"merchantId":"m"}""");

        dto.EventId.ShouldBeNull();
        dto.MerchantId.ShouldBe("m");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"{}\"")]
    [InlineData("1")]
    public void Payload_must_be_an_object(string payload)
        => Parse($$"""{"payload":{{payload}}}""").PayloadIsObject.ShouldBeFalse();

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"eventId\":\"e\"}]")]
    [InlineData("1")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public void Body_that_is_not_an_object_has_one_error(string body)
    {
        var error = RejectionOf(body).Fields.ShouldHaveSingleItem();

        (error.Key, error.Value.ShouldHaveSingleItem()).ShouldBe(("body", "body must be a JSON object"));
    }

    [Fact]
    public void Empty_object_has_no_fields() => Parse("{}").ShouldBe(new ReceiveEventDto());

    [Fact]
    public void Field_of_another_type_is_distinguished_from_a_missing_one()
        => Parse("""{"eventId":7,"merchantId":null,"payload":[],"other":1}""").OfAnotherType
            .ShouldBe(["eventId", "merchantId", "payload"]);

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00\\ud800")]
    [InlineData("a\\ud800b")]
    [Trait("Defect", "S3")]
    public void Lone_surrogate_reaches_the_validator(string escape)
        => FieldRules.ValidateId(Parse($$"""{"eventId":"{{escape}}"}""").EventId).ShouldBe("must not contain lone surrogates");

    [Fact]
    public void Surrogate_pair_is_decoded() => Parse("""{"eventId":"\ud83d\ude9a"}""").EventId.ShouldBe("🚚");

    [Fact]
    public void Depth_64_is_read_and_65_is_rejected()
    {
        Parse(Nested(63)).PayloadIsObject.ShouldBeTrue();
        RejectionOf(Nested(64)).Status.ShouldBe(400);

        static string Nested(int levels)
            => $$"""{"payload":{{Repeated("{\"a\":", levels - 1)}}{}{{Repeated("}", levels - 1)}}}""";

        static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{}}")]
    [InlineData("{} x")]
    [InlineData("{}{}")]
    [InlineData("[")]
    [InlineData("{\"eventId\"}")]
    [InlineData("{\"eventId\":}")]
    [InlineData("{\"eventId\":\"a")]
    [InlineData("{\"eventId\":\"\\x\"}")]
    [InlineData("{\"eventId\":\"a\",}")]
    [InlineData("{'eventId':'a'}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("// comment\n{}")]
    [InlineData("\uFEFF\uFEFF{}")]
    [InlineData("\u0000{}")]
    public void Body_that_is_not_JSON_is_rejected_with_400_and_a_fixed_text(string body)
    {
        var rejection = RejectionOf(body);

        rejection.Status.ShouldBe(400);
        rejection.Message.ShouldBe("The body is not valid JSON");
    }

    [Theory]
    [InlineData(new byte[] { 0x22, 0xff, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xed, 0xa0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xc0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0xfe, 0xff, 0x00, 0x7b })]
    public void Body_that_is_not_UTF8_is_rejected_with_400(byte[] body)
        => RejectionOf(body).Message.ShouldBe("The body is not valid UTF-8");

    [Fact]
    public void Random_bytes_are_read_or_rejected() => Gen.Byte.Array[0, 200].Sample(ShouldBeReadOrRejected);

    [Fact]
    public void Damaged_webhooks_are_read_or_rejected()
    {
        var bytes = Encoding.UTF8.GetBytes(
            """{"eventId":"\ud83d\ude9a","\u0074ype":"\ud800x","payload":{"a":[1.5e3,"é",null]},"\udc00":true}""");
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, bytes.Length]).Sample((at, value, length) =>
        {
            var damaged = bytes.ToArray();
            damaged[at] = value;
            ShouldBeReadOrRejected(damaged[..length]);
            ShouldBeReadOrRejected(damaged);
        });
    }

    private static void ShouldBeReadOrRejected(byte[] body)
    {
        if (ReceiveEventDto.TryParse(body, out var dto, out var rejection)) dto.ShouldNotBeNull();
        else rejection.Status.ShouldBe(400);
    }

    private static ReceiveEventDto Parse(string body)
    {
        ReceiveEventDto.TryParse(Encoding.UTF8.GetBytes(body), out var dto, out _).ShouldBeTrue();
        return dto!;
    }

    private static Rejection RejectionOf(string body) => RejectionOf(Encoding.UTF8.GetBytes(body));

    private static Rejection RejectionOf(byte[] body)
    {
        ReceiveEventDto.TryParse(body, out _, out var rejection).ShouldBeFalse();
        return rejection!;
    }
}
