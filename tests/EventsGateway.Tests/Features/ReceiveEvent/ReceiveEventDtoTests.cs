using System.Text;
using CsCheck;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent;

public sealed class ReceiveEventDtoTests
{
    private const string Whole =
        """{"eventId":"e","merchantId":"m","shippingCompanyId":"c","shipmentId":"s","type":"t","occurredAt":"o","payload":{}}""";

    [Fact]
    public void Every_field_is_read() => Parse(Whole).ShouldBe(new ReceiveEventDto
    {
        EventId = "e", MerchantId = "m", ShippingCompanyId = "c", ShipmentId = "s", Type = "t", OccurredAt = "o", PayloadIsObject = true,
    });

    [Fact]
    public void A_byte_order_mark_is_tolerated() => Parse("\uFEFF" + Whole).ShouldBe(Parse(Whole));

    [Fact]
    public void Of_repeated_members_the_last_counts()
    {
        Parse("""{"eventId":"1","eventId":"2"}""").EventId.ShouldBe("2");
        Parse("""{"eventId":"1","eventId":2}""").EventId.ShouldBeNull();
        Parse("""{"payload":{},"payload":[]}""").PayloadIsObject.ShouldBeFalse();
        Parse("""{"payload":null,"payload":{}}""").PayloadIsObject.ShouldBeTrue();
    }

    [Fact]
    public void Unknown_members_are_skipped_and_names_may_be_escaped()
        => Parse("""{"x":{"eventId":"no"},"y":[{"eventId":"no"}],"\u0065ventId":"yes","EVENTID":"no"}""").EventId.ShouldBe("yes");

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[\"e\"]")]
    [InlineData("{\"a\":\"e\"}")]
    public void A_field_that_is_no_text_is_none_and_does_not_hide_the_next(string value)
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
    public void Only_an_object_is_a_payload(string payload) => Parse($$"""{"payload":{{payload}}}""").PayloadIsObject.ShouldBeFalse();

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"eventId\":\"e\"}]")]
    [InlineData("1")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public void Json_that_is_no_object_has_one_mistake(string body)
    {
        var mistake = Should.Throw<FluentValidation.ValidationException>(() => Parse(body)).Errors.ShouldHaveSingleItem();

        (mistake.PropertyName, mistake.ErrorMessage).ShouldBe(("body", "body must be a JSON object"));
    }

    [Fact]
    public void An_object_without_the_fields_has_none_of_them() => Parse("{}").ShouldBe(new ReceiveEventDto());

    [Fact]
    public void A_field_of_another_kind_is_told_apart_from_a_missing_one()
        => Parse("""{"eventId":7,"merchantId":null,"payload":[],"other":1}""").OfAnotherKind.ShouldBe(["eventId", "merchantId", "payload"]);

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00\\ud800")]
    [InlineData("a\\ud800b")]
    public void S3_half_a_surrogate_pair_is_told_to_the_validator(string escape)
        => FieldRules.ValidateId(Parse($$"""{"eventId":"{{escape}}"}""").EventId).ShouldBe("must not contain lone surrogates");

    [Fact]
    public void A_whole_surrogate_pair_is_a_character() => Parse("""{"eventId":"\ud83d\ude9a"}""").EventId.ShouldBe("🚚");

    [Fact]
    public void Depth_64_is_read_and_65_is_refused()
    {
        Parse(Nested(63)).PayloadIsObject.ShouldBeTrue();
        RejectedRequest(Nested(64)).StatusCode.ShouldBe(400);

        static string Nested(int levels) => $$"""{"payload":{{string.Concat(Enumerable.Repeat("{\"a\":", levels - 1))}}{}{{new string('}', levels - 1)}}}""";
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
    public void What_is_no_json_is_a_400_with_a_fixed_text(string body)
    {
        var rejection = RejectedRequest(body);

        rejection.StatusCode.ShouldBe(400);
        rejection.Message.ShouldBe("The body is not valid JSON");
    }

    [Theory]
    [InlineData(new byte[] { 0x22, 0xff, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xed, 0xa0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xc0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0xfe, 0xff, 0x00, 0x7b })]
    public void What_is_no_utf8_is_a_400(byte[] body)
        => Should.Throw<RequestRejectedException>(() => ReceiveEventDto.Parse(body)).Message.ShouldBe("The body is not valid UTF-8");

    [Fact]
    public void Random_bytes_are_read_or_refused_and_nothing_else() => Gen.Byte.Array[0, 200].Sample(ReadsOrRefuses);

    [Fact]
    public void Damaged_webhooks_are_read_or_refused_and_nothing_else()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"eventId":"\ud83d\ude9a","\u0074ype":"\ud800x","payload":{"a":[1.5e3,"é",null]},"\udc00":true}""");
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, bytes.Length]).Sample((at, value, length) =>
        {
            var damaged = bytes.ToArray();
            damaged[at] = value;
            ReadsOrRefuses(damaged[..length]);
            ReadsOrRefuses(damaged);
        });
    }

    private static void ReadsOrRefuses(byte[] body)
    {
        try
        {
            ReceiveEventDto.Parse(body).ShouldNotBeNull();
        }
        catch (RequestRejectedException rejection)
        {
            rejection.StatusCode.ShouldBe(400);
        }
    }

    private static ReceiveEventDto Parse(string body) => ReceiveEventDto.Parse(Encoding.UTF8.GetBytes(body));

    private static RequestRejectedException RejectedRequest(string body)
        => Should.Throw<RequestRejectedException>(() => ReceiveEventDto.Parse(Encoding.UTF8.GetBytes(body)));
}
