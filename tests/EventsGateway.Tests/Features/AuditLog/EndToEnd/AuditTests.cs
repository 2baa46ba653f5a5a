using System.Net.Http.Json;
using System.Text.Json;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.AuditLog.EndToEnd;

public sealed class AuditTests
{
    [Fact]
    public async Task Audit_record_of_a_replay_contains_no_shipment_id()
    {
        await using var host = GatewayHost.Start();

        await host.Client.ReplayAsync(new { filter = new { shipmentId = "sh-secret", status = "failed" } });

        var record = (await AuditAsync(host)).ShouldHaveSingleItem();
        record.Text("action").ShouldBe("replay");
        record.Text("who").ShouldNotBeEmpty();
        record.Text("what").ShouldStartWith("filter {\"status\":\"failed\",\"shipmentId\":\"sha256:");
        record.Text("what")!.ShouldNotContain("sh-secret");
        record.Text("result").ShouldBe("0 replayed, 0 remain");
        record.Text("at").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Name_of_an_operator_is_not_taken_from_the_request_and_event_ids_are_hashed()
    {
        await using var host = GatewayHost.Start();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events-gateway/replays") { Content = JsonContent.Create(
            new { filter = new { eventId = "evt-secret" } }) };
        request.Headers.Add("X-Operator", "ada");
        using (await host.Client.Http.SendAsync(request)) { }

        var record = (await AuditAsync(host)).ShouldHaveSingleItem();

        record.Text("who").ShouldBe("developer");
        record.Text("what").ShouldStartWith("filter {\"eventId\":\"sha256:");
        record.Text("what")!.ShouldNotContain("evt-secret");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("201")]
    [InlineData("many")]
    public async Task Invalid_limit_is_answered_400(string limit)
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(
            new HttpRequestMessage(HttpMethod.Get, $"/v1/events-gateway/audit?limit={limit}"));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe(["limit"]);
    }

    [Theory]
    [InlineData("not-a-cursor")]
    [InlineData("!!!")]
    [InlineData("MS5kaGwuMQ")]
    public async Task Invalid_cursor_is_answered_400(string cursor)
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(
            new HttpRequestMessage(HttpMethod.Get, $"/v1/events-gateway/audit?cursor={cursor}"));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe(["cursor"]);
    }

    [Fact]
    public async Task Pages_list_every_record_once_while_records_are_added()
    {
        await using var host = GatewayHost.Start();
        for (var merchant = 1; merchant <= 5; merchant++) await ReplayAsync(merchant);

        var seen = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await host.Client.GetAsync($"/v1/events-gateway/audit?limit=2{(cursor == "" ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(record => record.Text("what")!));
            cursor = page.Text("nextCursor");
            await ReplayAsync(100);
        }

        seen.ShouldBe([.. new[] { 5, 4, 3, 2, 1 }.Select(
            merchant => $$"""filter {"merchantId":"{{AuditWriter.Redact($"m-{merchant}")}}"}""")]);

        Task ReplayAsync(int merchant) => host.Client.ReplayAsync(new { filter = new { merchantId = $"m-{merchant}" } });
    }

    private static async Task<JsonElement[]> AuditAsync(GatewayHost host)
        => [.. (await host.Client.GetAsync("/v1/events-gateway/audit")).GetProperty("items").EnumerateArray()];
}
