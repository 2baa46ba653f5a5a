using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ListFailures.EndToEnd;

public sealed class FailuresTests
{
    private const string Failures = GatewayClient.BasePath + "/failures";

    private readonly Webhooks _webhooks = new();

    [Fact]
    public async Task Outcome_and_error_of_a_group_select_its_events_for_list_and_replay()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        routing.Answer = (call, _) => call.Body.Text("merchantId") == "failing" ? Results.StatusCode(422) : Results.BadRequest();
        foreach (var merchant in new[] { "failing", "bad", "failing" })
            await host.Client.AcceptedAsync(_webhooks.Next() with { MerchantId = merchant });
        await host.Client.SettledAsync();

        var failures = await host.Client.GetAsync(Failures);

        failures.GetProperty("total").GetInt64().ShouldBe(3);
        var groups = failures.GetProperty("groups").EnumerateArray().ToList();
        groups.Select(
            group => (group.Text("outcome"), group.GetProperty("count").GetInt64(), group.GetProperty("replayable").GetBoolean()))
            .ShouldBe([("rejected-by-router", 2, true), ("rejected-by-router", 1, true)]);
        string.CompareOrdinal(groups[0].Text("oldestReceivedAt"), groups[0].Text("newestReceivedAt"))
            .ShouldBeLessThanOrEqualTo(0);

        var (outcome, lastError) = (groups[0].Text("outcome"), groups[0].Text("error"));
        var listed = await host.Client.EventsAsync($"&outcome={outcome}&lastError={Uri.EscapeDataString(lastError!)}");
        listed.Select(e => e.Text("merchantId")).ShouldBe(["failing", "failing"]);

        routing.Answer = (call, _) => FakeRoutingService.Routed(call);
        (await host.Client.ReplayAsync(new { filter = new { outcome, lastError } })).GetProperty("replayed").GetInt32()
            .ShouldBe(2);
        var counts = await host.Client.SettledAsync();
        (counts.GetProperty("processed").GetInt64(), counts.GetProperty("failed").GetInt64()).ShouldBe((2, 1));
    }

    [Fact]
    public async Task Group_has_its_events_by_source_and_merchant()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        routing.Answer = (_, _) => Results.Json(new { code = "E7", message = "no zone" }, statusCode: 422);
        foreach (var merchant in new[] { "m-1", "m-2", "m-1" })
            await host.Client.AcceptedAsync(_webhooks.Next() with { MerchantId = merchant });
        await host.Client.SettledAsync();
        var group = (await host.Client.GetAsync(Failures)).GetProperty("groups").EnumerateArray().ShouldHaveSingleItem();
        group.Text("error").ShouldBe("routing service answered 422: E7: no zone");

        var shares = await host.Client.GetAsync(
            $"{Failures}/shares?outcome=rejected-by-router&lastError={Uri.EscapeDataString(group.Text("error")!)}");
        var (status, problem) = await host.Client.RejectedAsync(new(HttpMethod.Get, $"{Failures}/shares?status=pending"));

        shares.GetRawText().ShouldBe("""{"counted":3,"sources":[{"source":"gateway","count":3}],"""
            + """
              "merchants":[{"merchantId":"m-1","source":"gateway","count":2},{"merchantId":"m-2","source":"gateway","count":1}]}
              """);
        (status, problem.FieldsWithErrors().Single()).ShouldBe((400, "status"));
    }

    [Fact]
    public async Task Groups_of_one_source_have_its_events_alone()
    {
        using var folder = new TempFolder();
        await using var host = SourceSender.Start(folder, SourceSender.Settings);
        using var kept = await host.PostAsync("/v1/sources/courier", "not JSON");
        await Until.TrueAsync(() => host.Client.GetAsync(Failures), all => all.GetProperty("total").GetInt64() == 1);

        var own = await host.Client.GetAsync($"{Failures}?source=courier");
        var other = await host.Client.GetAsync($"{Failures}?source=gateway");

        own.GetProperty("groups").EnumerateArray().ShouldHaveSingleItem().Text("outcome").ShouldBe("unmapped");
        (other.GetProperty("total").GetInt64(), other.GetProperty("groups").GetArrayLength()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Group_can_be_replayed_in_steps_that_report_the_remaining_events()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        routing.Answer = (_, _) => Results.BadRequest();
        foreach (var webhook in _webhooks.Take(5)) await host.Client.AcceptedAsync(webhook);
        await host.Client.SettledAsync();

        var steps = new List<JsonElement> { await host.Client.ReplayAsync(
            new { filter = new { outcome = "rejected-by-router" }, limit = 2 }) };
        while (steps[^1].GetProperty("remaining").GetInt32() > 0)
        {
            await host.Client.SettledAsync();
            steps.Add(await host.Client.ReplayAsync(
                new { filter = new { outcome = "rejected-by-router" }, limit = 2, asOf = steps[0].Text("asOf") }));
        }

        await host.Client.SettledAsync();
        steps.Select(step => step.GetProperty("replayed").GetInt32()).ShouldBe([2, 2, 1]);
        (await host.Client.EventsAsync()).ShouldAllBe(e => e.GetProperty("generation").GetInt32() == 2);
    }

    [Fact]
    public async Task Response_is_empty_without_failed_events()
    {
        await using var host = GatewayHost.Start();

        (await host.Client.Http.GetStringAsync(Failures)).ShouldBe("""{"groups":[],"total":0}""");
    }

    [Theory]
    [InlineData("""{"filter":{},"limit":-1}""", "limit")]
    [InlineData("""{"filter":{},"limit":10001}""", "limit")]
    [InlineData("""{"filter":{},"limit":"all"}""", "limit")]
    [InlineData("""{"keys":["dhl.1"],"limit":1}""", "limit")]
    [InlineData("""{"filter":{},"asOf":"yesterday"}""", "asOf")]
    [InlineData("""{"keys":["dhl.1"],"asOf":"2026-01-01"}""", "asOf")]
    [InlineData("""{"filter":{"outcome":"routed"}}""", "filter.outcome")]
    [InlineData("""{"filter":{"lastError":""}}""", "filter.lastError")]
    public async Task Invalid_replay_step_is_answered_400_with_the_field(string body, string field)
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(
            new(HttpMethod.Post, $"{GatewayClient.BasePath}/replays") { Content = new StringContent(
                body, null, "application/json") });

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe([field]);
    }
}
