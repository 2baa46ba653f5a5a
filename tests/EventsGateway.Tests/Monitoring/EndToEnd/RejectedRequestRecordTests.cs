using System.Security.Cryptography;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Tests.EndToEnd;
using Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Monitoring.EndToEnd;

/// <summary>What an operator sees of a rejected request.</summary>
public sealed class RejectedRequestRecordTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private static readonly byte[] Body = new Webhooks().Next().ToBytes();

    private static readonly string Right = Signature.Of(Body, GatewayHost.Secret);

    private RejectedRequestLog Kept => gateway.Host.Services.GetRequiredService<RejectedRequestLog>();

    public static TheoryData<string, string> SignatureForms => new()
    {
        { $"sha256={Right}", "the signature begins with sha256=: only the hex digits are expected" },
        { Convert.ToBase64String(Convert.FromHexString(Right)), "the signature is base64: 64 hex digits are expected" },
        { Right[..40], "the signature has 40 characters: 64 hex digits are expected" },
        { 'g' + Right[1..], "the signature contains characters that are not hex digits" },
        { Signature.Of(Body, "another secret"), "the signature is well-formed but does not match: another secret "
            + "was used, or the body changed after signing (compare the SHA-256 of the body)" },
    };

    [Theory]
    [MemberData(nameof(SignatureForms))]
    public async Task Hint_describes_the_format_of_an_invalid_signature(string signature, string hint)
    {
        var rejection = await RejectedAsync(Signed(Body, signature));

        rejection.Reason.ShouldBe(RejectionReason.InvalidSignature);
        rejection.Status.ShouldBe(401);
        rejection.Message.ShouldBe("Invalid signature");
        rejection.Hint.ShouldBe(hint);
        rejection.BodyBytes.ShouldBe(Body.Length);
        rejection.BodySha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Body)));
        rejection.EventId.ShouldBeNull();
    }

    [Fact]
    public async Task Hint_for_a_missing_signature_names_the_expected_and_the_received_header()
    {
        var request = Signed(Body, null);
        request.Headers.Add("X-Hub-Signature-256", "sha256=0123456789");

        var rejection = await RejectedAsync(request);

        rejection.Reason.ShouldBe(RejectionReason.MissingSignature);
        rejection.Hint.ShouldBe(
            "the header x-signature is missing: the HMAC-SHA256 of the raw body as 64 hex digits; "
            + "the request has x-hub-signature-256 instead");
        rejection.HeaderNames!.ShouldContain("X-Hub-Signature-256");
    }

    [Fact]
    public async Task Empty_signature_has_a_hint_of_its_own()
        => (await RejectedAsync(Signed(Body, ""))).Hint.ShouldBe("the header x-signature is empty");

    [Fact]
    public async Task Invalid_field_is_recorded_with_its_error_and_the_event_key()
    {
        var webhook = new Webhooks().Next() with { EventId = "evt-7", Type = "SHIPMENT_LOST" };
        var rejection = await RejectedAsync(Signed(webhook.ToBytes()));

        rejection.Reason.ShouldBe(RejectionReason.InvalidField);
        rejection.Hint.ShouldBe("wrong or missing: type");
        rejection.Fields.Keys.ShouldBe(["type"]);
        rejection.Fields["type"].Single().ShouldStartWith("type must be SHIPMENT_CREATED");
        rejection.EventId.ShouldBe("evt-7");
        rejection.ShippingCompanyId.ShouldNotBeNull();
    }

    [Fact]
    public async Task Missing_field_is_distinguished_from_one_of_another_type()
    {
        var rejection = await RejectedAsync(Signed(
            """{"eventId":7,"merchantId":null,"type":"x","payload":[],"occurredAt":"2026-02-30"}"""u8.ToArray()));

        rejection.Fields.ToDictionary(field => field.Key, field => field.Value.Single()).ShouldBe(
            new Dictionary<string, string>
            {
                ["eventId"] = "eventId must be a string",
                ["merchantId"] = "merchantId must be a string",
                ["shippingCompanyId"] = "shippingCompanyId is missing",
                ["shipmentId"] = "shipmentId is missing",
                ["type"] = "type must be SHIPMENT_CREATED, SHIPMENT_UPDATED, SHIPMENT_DELIVERED or SHIPMENT_CANCELLED",
                ["occurredAt"] = "occurredAt names a day that does not exist",
                ["payload"] = "payload must be an object",
            },
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData(" 7 ")]
    public async Task JSON_body_that_is_not_an_object_has_one_error(string body)
    {
        var rejection = await RejectedAsync(Signed(System.Text.Encoding.UTF8.GetBytes(body)));

        rejection.Reason.ShouldBe(RejectionReason.InvalidField);
        rejection.Hint.ShouldBe("the body must be one event: a JSON object, which begins with {");
        rejection.Fields.ShouldHaveSingleItem().Value.ShouldBe(["body must be a JSON object"]);
    }

    [Theory]
    [InlineData("", "the body is empty")]
    [InlineData("eventId=7", "the body does not begin with {")]
    [InlineData(
        "{\n \"eventId\": \"7\",\n oops}", "the body is not valid JSON at line 3 byte 2, or is nested deeper than 64 levels")]
    public async Task Hint_for_invalid_JSON_names_the_position(string body, string hint)
    {
        var rejection = await RejectedAsync(Signed(System.Text.Encoding.UTF8.GetBytes(body)));

        rejection.Reason.ShouldBe(RejectionReason.MalformedBody);
        rejection.Hint.ShouldBe(hint);
    }

    [Fact]
    public async Task Unsupported_media_type_is_recorded()
    {
        var request = Signed(Body);
        request.Content!.Headers.ContentType = new("text/plain");

        var rejection = await RejectedAsync(request);

        rejection.Reason.ShouldBe(RejectionReason.UnsupportedMediaType);
        rejection.Hint.ShouldBe("the Content-Type is a different one: application/json in UTF-8 is expected");
        rejection.ContentType.ShouldBe("text/plain");
    }

    [Fact]
    public async Task Too_large_body_is_recorded_with_the_limit_and_without_a_hash()
    {
        var rejection = await RejectedAsync(Signed(new byte[200_000]));

        rejection.Reason.ShouldBe(RejectionReason.TooLarge);
        rejection.Hint.ShouldBe("the body has 200000 bytes: at most 102400 are allowed");
        rejection.BodySha256.ShouldBeNull();
    }

    [Fact]
    public async Task Hint_names_the_configured_limit()
    {
        await using var host = GatewayHost.Start(("Webhook:MaxBodyBytes", "300"));
        var request = host.Client.SignedRequest(new byte[301]);
        request.Headers.TransferEncodingChunked = true;

        await host.Client.RejectedAsync(request);

        host.Services.GetRequiredService<RejectedRequestLog>().Latest(1).Single().Hint
            .ShouldBe("the body has more than the 300 bytes that are allowed");
    }

    [Fact]
    public async Task Unavailable_request_is_recorded_with_its_event()
    {
        var queue = new HeldQueue { Breaks = true };
        await using var host = GatewayHost.Start(queue.AddTo);
        using (await host.Client.PostSignedAsync(Body)) { }

        var rejections = host.Services.GetRequiredService<RejectedRequestLog>();
        await Until.TrueAsync(() => rejections.Latest(1).Count == 1);

        var rejection = rejections.Latest(1).Single();
        rejection.Reason.ShouldBe(RejectionReason.Unavailable);
        rejection.Status.ShouldBe(503);
        rejection.EventId.ShouldNotBeNull();
    }

    [Fact]
    public async Task Signature_header_values_and_body_are_not_recorded()
    {
        var body = new Webhooks().Next() with
        {
            Payload = new { card = "4111-secret-of-the-body" }, Type = "hidden-type", EventId = "evt-9",
        };
        var request = Signed(body.ToBytes());
        request.Headers.Add("Authorization", "Bearer secret-of-a-header");
        request.Headers.Add("X-Long", new string('v', 4000));

        var text = (await RejectedAsync(request)).ToString();
        var signed = await RejectedAsync(Signed(body.ToBytes(), "sha256=" + Right));

        foreach (var kept in new[] { text, signed.ToString(), string.Join(',', signed.HeaderNames!), signed.Hint! })
        {
            kept.ShouldNotContain("secret-of");
            kept.ShouldNotContain("hidden-type");
            kept.ShouldNotContain("vvvv");
            kept.ShouldNotContain(Right);
        }

        signed.HeaderNames!.ShouldContain("x-signature");
    }

    [Fact]
    public async Task Recorded_header_names_are_limited_in_number_and_length()
    {
        var request = Signed(Body, "none");
        foreach (var i in Enumerable.Range(0, 80)) request.Headers.Add($"x-{i}-{new string('n', 300)}", "v");

        var rejection = await RejectedAsync(request);

        rejection.HeaderNames!.Count.ShouldBe(50);
        rejection.HeaderNames.ShouldAllBe(name => name.Length <= 256);
    }

    private async Task<RejectedRequest> RejectedAsync(HttpRequestMessage request)
    {
        await gateway.Client.RejectedAsync(request);
        return Kept.Latest(1).Single();
    }

    private HttpRequestMessage Signed(byte[] body) => gateway.Client.SignedRequest(body);

    private HttpRequestMessage Signed(byte[] body, string? signature)
    {
        var request = Signed(body);
        request.Headers.Remove(Signature.Header);
        if (signature is not null) request.Headers.TryAddWithoutValidation(Signature.Header, signature);
        return request;
    }
}
