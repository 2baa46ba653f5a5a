using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ReplayEvents.EndToEnd;

public sealed class ReplayTests
{
    private readonly Webhooks _webhooks = new();

    [Theory]
    [InlineData("{}", "keys")]
    [InlineData("""{"keys":null,"filter":null}""", "keys")]
    [InlineData("""{"keys":["dhl.1"],"filter":{}}""", "keys")]
    [InlineData("""{"keys":["no key"]}""", "keys[0]")]
    [InlineData("""{"keys":["dhl.1",null]}""", "keys[1]")]
    [InlineData("""{"filter":{"status":"pending"}}""", "filter.status")]
    [InlineData("""{"filter":{"status":"nonsense"}}""", "filter.status")]
    [InlineData("""{"filter":{"status":"processed"}}""", "filter.status")]
    [InlineData("""{"filter":{"outcome":"routed"}}""", "filter.outcome")]
    [InlineData("""{"filter":{"type":"nonsense"}}""", "filter.type")]
    [InlineData("""{"filter":{"from":"nonsense"}}""", "filter.from")]
    [InlineData("""{"filter":{"errorText":""}}""", "filter.errorText")]
    [InlineData("""{"filter":{"eventIdPrefix":""}}""", "filter.eventIdPrefix")]
    [InlineData("""{"filter":{"shipmentIdPrefix":""}}""", "filter.shipmentIdPrefix")]
    [InlineData("""{"filter":{"keyPrefix":"dhl"}}""", "filter.keyPrefix")]
    [InlineData("""{"filter":{"status":"failed","outcome":"late"}}""", "filter.status")]
    [InlineData("""{"filter":{},"perSecond":0}""", "perSecond")]
    [InlineData("""{"keys":["dhl.1"],"perSecond":10001}""", "perSecond")]
    [InlineData("""{"filter":{},"perSecond":1,"nextDueAt":"soon"}""", "nextDueAt")]
    [InlineData("""{"filter":{},"nextDueAt":"2026-03-04T05:06:07.089Z"}""", "nextDueAt")]
    public async Task Invalid_replay_is_answered_400_with_the_field(string body, string field)
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(Replay(body));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe([field]);
    }

    [Theory]
    [InlineData("", "body", "must be a JSON object")]
    [InlineData("null", "body", "must be a JSON object")]
    [InlineData("[]", "body", "must be a JSON object")]
    [InlineData("{", "body", "must be a JSON object")]
    [InlineData("""{"all":true}""", "all", "is not a known field, not of the right type, or broken JSON")]
    [InlineData(
        """{"filter":{"shipment":"x"}}""", "filter.shipment", "is not a known field, not of the right type, or broken JSON")]
    [InlineData("""{"keys":"dhl.1"}""", "keys", "is not a known field, not of the right type, or broken JSON")]
    public async Task Unreadable_replay_is_answered_400_with_the_field(string body, string name, string error)
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(Replay(body));

        status.ShouldBe(400);
        problem.GetProperty("errors").GetProperty(name)[0].GetString().ShouldBe($"{name} {error}");
    }

    [Fact]
    public async Task Replay_as_a_form_is_answered_415_with_the_accepted_type()
    {
        await using var host = GatewayHost.Start();
        var request = Replay("{}");
        request.Content!.Headers.ContentType = new("application/x-www-form-urlencoded");

        var (status, problem) = await host.Client.RejectedAsync(request);

        (status, problem.Text("message")).ShouldBe((415, "Only application/json is accepted"));
    }

    [Fact]
    public async Task Replay_of_too_many_keys_is_answered_400()
    {
        await using var host = GatewayHost.Start();
        var keys = string.Join(',', Enumerable.Range(0, 10_001).Select(i => $"\"dhl.{i}\""));

        (await host.Client.RejectedAsync(Replay($$"""{"keys":[{{keys}}]}"""))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Replay_by_keys_requeues_exactly_the_failed_events()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        var processed = await host.Client.AcceptedAsync(_webhooks.Next());
        await host.Client.StatusAsync(processed, "processed");
        routing.Answer = (_, _) => Results.BadRequest();
        var failed = new List<string>();
        foreach (var webhook in _webhooks.Take(3)) failed.Add(await host.Client.AcceptedAsync(webhook));
        await host.Client.SettledAsync();
        routing.Answer = (call, _) => FakeRoutingService.Routed(call);

        var answer = await host.Client.ReplayAsync(new { keys = new[] { failed[0], failed[1], processed, "dhl.unknown" } });

        (answer.GetProperty("replayed").GetInt32(), answer.GetProperty("remaining").GetInt32()).ShouldBe((2, 0));
        await host.Client.SettledAsync();
        (await host.Client.EventAsync(failed[0])).Text("status").ShouldBe("processed");
        (await host.Client.EventAsync(failed[0])).GetProperty("generation").GetInt32().ShouldBe(2);
        (await host.Client.EventAsync(failed[1])).Text("status").ShouldBe("processed");
        (await host.Client.EventAsync(failed[2])).Text("status").ShouldBe("failed");
        (await host.Client.EventAsync(failed[2])).GetProperty("replayable").GetBoolean().ShouldBeTrue();
        (await host.Client.EventAsync(processed)).GetProperty("replayable").GetBoolean().ShouldBeFalse();
        (await host.Client.EventAsync(processed)).GetProperty("generation").GetInt32().ShouldBe(1);
        routing.CallsOf(processed).Count().ShouldBe(1);
    }

    [Fact]
    public async Task Replay_by_filter_requeues_the_matching_events()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        routing.Answer = (_, _) => Results.BadRequest();
        foreach (var merchant in new[] { "m-1", "m-1", "m-2" })
            await host.Client.AcceptedAsync(_webhooks.Next() with { MerchantId = merchant });
        await host.Client.SettledAsync();
        routing.Answer = (call, _) => FakeRoutingService.Routed(call);

        (await host.Client.ReplayAsync(new { filter = new { merchantId = "m-1" } })).GetProperty("replayed").GetInt32()
            .ShouldBe(2);
        var counts = await host.Client.SettledAsync();
        (counts.GetProperty("processed").GetInt64(), counts.GetProperty("failed").GetInt64()).ShouldBe((2, 1));

        (await host.Client.ReplayAsync(new { filter = new { } })).GetProperty("replayed").GetInt32().ShouldBe(1);
        (await host.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(3);

        (await host.Client.ReplayAsync(new { filter = new { status = "failed" } })).GetProperty("replayed").GetInt32()
            .ShouldBe(0);
    }

    [Fact]
    public async Task Replay_keeps_the_attempts_of_earlier_generations()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        routing.Answer = (call, calls) => calls == 1 ? Results.BadRequest() : FakeRoutingService.Routed(call);
        var key = await host.Client.AcceptedAsync(_webhooks.Next());
        await host.Client.StatusAsync(key, "failed");

        await host.Client.ReplayAsync(new { keys = new[] { key } });

        var attempts = (await host.Client.StatusAsync(key, "processed")).GetProperty("attempts").EnumerateArray().ToList();
        attempts.Select(a => (a.GetProperty("generation").GetInt32(), a.GetProperty("number").GetInt32(), a.Text("result")))
            .ShouldBe([(1, 1, "permanent-status"), (2, 1, "routed")]);
        (await host.Client.EventsAsync())
            .ShouldHaveSingleItem().GetProperty("attempts").GetInt32().ShouldBe(1, "of the current generation");
        routing.Calls.Select(call => call.IdempotencyKey).ShouldBe([key, key]);
    }

    [Fact]
    public async Task Replayed_event_names_the_operator_of_the_audit_record()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        routing.Answer = (_, _) => Results.BadRequest();
        var key = await host.Client.AcceptedAsync(_webhooks.Next());
        (await host.Client.StatusAsync(key, "failed")).Text("requeuedBy").ShouldBeNull();
        using var request = Replay($$"""{"keys":["{{key}}"]}""");

        using (await host.Client.Http.SendAsync(request)) { }

        (await host.Client.EventAsync(key)).Text("requeuedBy").ShouldBe("developer");
        (await host.Client.GetAsync($"{GatewayClient.BasePath}/audit")).GetProperty("items")[0].Text("who").ShouldBe("developer");
    }

    [Fact]
    public async Task Replay_at_a_rate_answers_when_the_last_event_is_due_and_the_audit_record_names_the_rate()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        routing.Answer = (_, _) => Results.BadRequest();
        foreach (var webhook in _webhooks.Take(3)) await host.Client.AcceptedAsync(webhook);
        await host.Client.SettledAsync();
        routing.Answer = (call, _) => FakeRoutingService.Routed(call);

        var first = await host.Client.ReplayAsync(new { filter = new { }, limit = 1, perSecond = 1 });
        var asOf = first.Text("asOf");
        var second = await host.Client.ReplayAsync(
            new { filter = new { }, asOf, perSecond = 1, nextDueAt = first.Text("nextDueAt") });

        second.GetProperty("replayed").GetInt32().ShouldBe(2);
        (Time(second) - Time(first)).ShouldBe(TimeSpan.FromSeconds(2));
        var audit = (await host.Client.GetAsync($"{GatewayClient.BasePath}/audit")).GetProperty("items");
        audit[0].Text("what").ShouldBe("filter {}, 1 per second");
        (await host.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(3);

        static DateTimeOffset Time(System.Text.Json.JsonElement answer) => answer.GetProperty("nextDueAt").GetDateTimeOffset();
    }

    private static HttpRequestMessage Replay(string body)
        => new(HttpMethod.Post, $"{GatewayClient.BasePath}/replays") { Content = new StringContent(
            body, Encoding.UTF8, "application/json") };
}
