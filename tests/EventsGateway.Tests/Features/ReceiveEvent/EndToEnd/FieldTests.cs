using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Tests.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

public sealed class FieldTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    public static TheoryData<string> Fields
        => ["eventId", "merchantId", "shippingCompanyId", "shipmentId", "type", "occurredAt", "payload"];

    public static TheoryData<string> Ids => ["eventId", "merchantId", "shippingCompanyId", "shipmentId"];

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Missing_field_is_reported_by_name(string field)
    {
        var body = Body();
        body.Remove(field);

        await BlamesAsync(body, field);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Field_of_another_type_is_reported_by_name(string field)
    {
        foreach (var wrong in new[] { "null", "12345", "1.5", "true", "[]", "[{}]", field == "payload" ? "\"{}\"" : "{}" })
        {
            var body = Body();
            body[field] = JsonNode.Parse(wrong);
            await BlamesAsync(body, field);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    [Trait("Defect", "S3")]
    public async Task Blank_id_is_reported_by_name(string field)
    {
        foreach (var blank in new[] { "", " ", "\u00A0", "\u2003\u2028" })
        {
            var body = Body();
            body[field] = blank;
            await BlamesAsync(body, field);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    [Trait("Defect", "S7")]
    public async Task Too_long_id_is_reported_by_name(string field)
    {
        string[] tooLong = [new string('x', 257), new string('é', 257), string.Concat(Enumerable.Repeat("🚚", 129))];
        foreach (var overlong in tooLong)
        {
            var body = Body();
            body[field] = overlong;
            await BlamesAsync(body, field);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Lone_surrogate_in_an_id_is_reported_by_name(string field)
    {
        var body = Body().ToJsonString().Replace($"\"{field}\":\"", $"\"{field}\":\"\\ud83d", StringComparison.Ordinal);

        var request = gateway.Client.SignedRequest(System.Text.Encoding.UTF8.GetBytes(body));
        var (status, problem) = await gateway.Client.RejectedAsync(request);

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe([field]);
    }

    [Theory]
    [InlineData("shipment_created")]
    [InlineData("SHIPMENT_RETURNED")]
    [InlineData("SHIPMENT_CREATED ")]
    [InlineData("")]
    [InlineData("0")]
    public async Task Unknown_type_is_reported_by_name(string type)
    {
        var body = Body();
        body["type"] = type;

        await BlamesAsync(body, "type");
    }

    [Theory]
    [InlineData("SHIPMENT_CREATED")]
    [InlineData("SHIPMENT_UPDATED")]
    [InlineData("SHIPMENT_CANCELLED")]
    [InlineData("SHIPMENT_DELIVERED")]
    public async Task Known_type_is_accepted(string type)
        => await gateway.Client.AcceptedAsync(new Webhooks().Next() with { EventId = $"type-{type}", Type = type });

    [Fact]
    [Trait("Defect", "S8")]
    public async Task All_invalid_fields_are_reported_together()
    {
        var body = Body();
        body["eventId"] = 5;
        body["type"] = "no type";
        body["occurredAt"] = "yesterday";

        await BlamesAsync(body, "eventId", "occurredAt", "type");
    }

    [Fact]
    public async Task Error_text_names_the_field()
    {
        var body = Body();
        body["eventId"] = new string('x', 257);

        var (_, problem) = await gateway.Client.RejectedAsync(gateway.Client.SignedRequest(Bytes(body)));

        problem.GetProperty("errors").GetProperty("eventId")[0].GetString()
            .ShouldBe("eventId must have at most 256 characters and 512 UTF-8 bytes");
    }

    [Fact]
    public async Task Last_of_repeated_fields_counts()
    {
        var valid = Body().ToJsonString();
        var repeated = valid.Insert(1, "\"eventId\":7,\"payload\":null,");

        using var answer = await gateway.Client.PostSignedAsync(System.Text.Encoding.UTF8.GetBytes(repeated));

        ((int)answer.StatusCode).ShouldBe(202);
    }

    private static JsonObject Body() => JsonNode.Parse(new Webhooks().Next().ToBytes())!.AsObject();

    private static byte[] Bytes(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body);

    private async Task BlamesAsync(JsonObject body, params string[] fields)
    {
        var (status, problem) = await gateway.Client.RejectedAsync(gateway.Client.SignedRequest(Bytes(body)));

        status.ShouldBe(400, body.ToJsonString());
        problem.Text("message").ShouldBe("Bad Request");
        problem.FieldsWithErrors().ShouldBe(fields, body.ToJsonString());
    }
}
