using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Tests.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

public sealed class OccurredAtTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    [Theory]
    [InlineData("2026-02", "2026-02-01T00:00:00.000Z")]
    [InlineData("2026-02-25", "2026-02-25T00:00:00.000Z")]
    [InlineData("20260225", "2026-02-25T00:00:00.000Z")]
    [InlineData("2026-056", "2026-02-25T00:00:00.000Z")]
    [InlineData("2026-02-25T14", "2026-02-25T14:00:00.000Z")]
    [InlineData("2026-02-25T14:30", "2026-02-25T14:30:00.000Z")]
    [InlineData("2026-02-25T14:30Z", "2026-02-25T14:30:00.000Z")]
    [InlineData("2026-02-25T14:30:00", "2026-02-25T14:30:00.000Z")]
    [InlineData("2026-02-25T14:30:00Z", "2026-02-25T14:30:00.000Z")]
    [InlineData("2026-02-25 14:30:00Z", "2026-02-25T14:30:00.000Z")]
    [InlineData("2026-02-25T14:30:00.1239999Z", "2026-02-25T14:30:00.123Z")]
    [InlineData("2026-02-25T14:30:00,5Z", "2026-02-25T14:30:00.500Z")]
    [InlineData("2026-02-25T14:30:00+02:00", "2026-02-25T12:30:00.000Z")]
    [InlineData("2026-02-25T14:30:00-0230", "2026-02-25T17:00:00.000Z")]
    [InlineData("2026-02-25T14:30:00+02", "2026-02-25T12:30:00.000Z")]
    [InlineData("2026-02-25T24:00", "2026-02-26T00:00:00.000Z")]
    [InlineData("+2026-02-25", "2026-02-25T00:00:00.000Z")]
    [InlineData("2026-02-25T", "2026-02-25T00:00:00.000Z")]
    public async Task OccurredAt_is_stored_in_UTC_to_the_millisecond(string occurredAt, string moment)
    {
        var webhook = new Webhooks().Next() with { EventId = occurredAt, OccurredAt = occurredAt };
        var key = await gateway.Client.AcceptedAsync(webhook);

        (await gateway.Client.EventAsync(key)).Text("occurredAt").ShouldBe(moment);
    }

    [Theory]
    [InlineData("2026-02-25t14:30:00z")]
    [InlineData("2026-02-25T24:00:00Z")]
    [InlineData("2026-02-25T25:00:00Z")]
    [InlineData("2026-02-25T14:60:00Z")]
    [InlineData("2026-02-25T14:30:60Z")]
    [InlineData("2026-00-25")]
    [InlineData("2026-13-25")]
    [InlineData("2026-01-32")]
    [InlineData("12026-02-25")]
    [InlineData("1772029800000")]
    [InlineData("1772029800")]
    [InlineData("Wed, 25 Feb 2026 14:30:00 GMT")]
    [InlineData(" 2026-02-25")]
    [InlineData("2026-02-25T14:30:00Z ")]
    [InlineData("2026-02-25T14:30:00Z\n")]
    [InlineData("")]
    public async Task OccurredAt_that_the_original_rejected_is_rejected(string occurredAt)
        => await RefusedAsync(occurredAt);

    [Theory]
    [InlineData("2026-02-30T00:00:00Z", "S5: a day that no calendar has")]
    [InlineData("2025-366", "S5: a day that no calendar has")]
    [InlineData("2026", "S5: a bare year")]
    [InlineData("2026-W09", "S5: a week")]
    [InlineData("2026-W09-3", "S5: a week date")]
    [InlineData("-0001-01-01", "before all calendars")]
    public async Task OccurredAt_that_names_no_moment_is_rejected_unlike_in_the_original(string occurredAt, string deviation)
        => await RefusedAsync(occurredAt, deviation);

    private async Task RefusedAsync(string occurredAt, string? why = null)
    {
        var body = (new Webhooks().Next() with { OccurredAt = occurredAt }).ToBytes();

        var (status, problem) = await gateway.Client.RejectedAsync(gateway.Client.SignedRequest(body));

        status.ShouldBe(400, why);
        problem.FieldsWithErrors().ShouldBe(["occurredAt"]);
    }
}
