using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent.EndToEnd;

public sealed class OutageTests
{
    [Fact]
    public async Task Every_event_is_processed_after_an_outage_with_its_attempts_in_the_history()
    {
        await using var gateway = await RoutedGateway.StartAsync(("Processing:MaxRetries", "1000"));
        await gateway.Routing.GoDownAsync();
        var keys = await gateway.AcceptedAsync(60);
        await Until.TrueAsync(
            () => gateway.Client.EventsAsync(), events => events.Count(e => e.GetProperty("attempts").GetInt32() > 0) >= 10);
        (await gateway.Client.CountsAsync()).GetProperty("pending").GetInt64()
            .ShouldBe(60, "nothing ends while there is hope (B22)");

        await gateway.Routing.ComeUpAsync();

        (await gateway.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(60);
        var histories = new List<List<(int Generation, int Number, string Result)>>();
        foreach (var key in keys) histories.Add([.. (await gateway.Client.EventAsync(key)).History()]);
        histories.ShouldAllBe(history => history.Last().Result == "routed");
        histories.ShouldAllBe(history => history.SkipLast(1).All(attempt => attempt.Result == "connection-lost"));
        histories.Count(history => history.Count > 1).ShouldBeGreaterThanOrEqualTo(10);
        gateway.Routing.Calls.Select(call => call.IdempotencyKey).ShouldBe(keys, ignoreOrder: true);
    }

    [Fact]
    public async Task Calls_during_an_outage_exhaust_no_retries()
    {
        await using var gateway = await RoutedGateway.StartAsync(
            ("Routing:BreakerStreak", "2"), ("Routing:BreakerBreak", "00:00:00.500"));
        gateway.Routing.Answer = (_, _) => Results.StatusCode(503);
        var keys = await gateway.AcceptedAsync(3);

        // Four calls each would be all that they have.
        await Until.TrueAsync(() => gateway.Routing.Calls.Count > 3 * 4 + 1);

        (await gateway.Client.CountsAsync()).GetProperty("pending").GetInt64().ShouldBe(3);
        gateway.Routing.Answer = (call, _) => FakeRoutingService.Routed(call);
        (await gateway.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(3);
        var attempts = new List<JsonElement>();
        foreach (var key in keys)
            attempts.AddRange((await gateway.Client.EventAsync(key)).GetProperty("attempts").EnumerateArray());
        attempts.Sum(attempt => attempt.GetProperty("probes").GetInt32()).ShouldBeGreaterThan(3);
        attempts.Count.ShouldBeLessThan(3 * 4, "calls that did not count share a line");
    }

    [Fact]
    public async Task Events_that_make_the_service_fail_do_not_block_others()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        gateway.Routing.Answer = (call, _) =>
            call.Body.GetProperty("merchantId").GetString() == "failing"
                ? Results.StatusCode(500)
                : FakeRoutingService.Routed(call);
        var failing = await Task.WhenAll(gateway.Webhooks.Take(40)
            .Select(webhook => gateway.Client.AcceptedAsync(webhook with { MerchantId = "failing" })));
        await Until.TrueAsync(
            () => Task.WhenAll(failing.Select(key => gateway.Client.EventAsync(key))),
            events => events.Any(e
                => e.GetProperty("attempts").EnumerateArray().Any(attempt => attempt.GetProperty("probes").GetInt32() > 0)));

        var before = gateway.Routing.Calls.Count;
        var other = await gateway.Client.AcceptedAsync(gateway.Webhooks.Next());
        await Until.TrueAsync(() => gateway.Routing.CallsOf(other).Any());

        // One probe may be on its way, the next is of a merchant whose own circuit is closed.
        gateway.Routing.Calls.Skip(before).TakeWhile(call => call.IdempotencyKey != other).Count().ShouldBeLessThan(4);
    }

    [Fact]
    public async Task One_replay_recovers_all_events_after_an_outage()
    {
        await using var gateway = await RoutedGateway.StartAsync(
            ("Processing:MaxRetries", "1000"), ("Processing:GiveUpAfter", "00:00:02"));
        await gateway.Routing.GoDownAsync();
        await gateway.AcceptedAsync(60);

        (await gateway.Client.SettledAsync()).GetProperty("failed").GetInt64().ShouldBe(60);

        var failed = await gateway.Client.EventsAsync("&status=failed");
        failed.ShouldAllBe(e => e.Text("lastError")!.StartsWith("gave up"));
        failed.Count(e => e.GetProperty("attempts").GetInt32() > 0).ShouldBeGreaterThanOrEqualTo(10);
        failed.ShouldAllBe(e => e.Text("outcome") == "deadline-exceeded");
        await gateway.Routing.ComeUpAsync();
        (await gateway.Client.ReplayAsync(new { filter = new { } })).GetProperty("replayed").GetInt32().ShouldBe(60);
        (await gateway.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(60);
        (await gateway.Client.EventsAsync()).ShouldAllBe(e => e.GetProperty("generation").GetInt32() == 2);
    }

    [Fact]
    [Trait("Defect", "B4")]
    public async Task Resubmission_of_a_failed_event_begins_a_second_generation()
    {
        await using var gateway = await RoutedGateway.StartAsync(("Processing:MaxRetries", "1"));
        gateway.Routing.Answer = (_, _) => Results.StatusCode(422);
        var webhooks = gateway.Webhooks.Take(2);
        var keys = await Task.WhenAll(webhooks.Select(webhook => gateway.Client.AcceptedAsync(webhook)));
        (await gateway.Client.SettledAsync()).GetProperty("failed").GetInt64().ShouldBe(2);
        gateway.Routing.Answer = (call, _) => FakeRoutingService.Routed(call);

        // A new generation is not a duplicate. The deduplication cache is cleared shortly after a failure.
        foreach (var webhook in webhooks)
            await Until.TrueAsync(() => gateway.Client.PostSignedAsync(webhook), again => !again.IsReplayed());

        await Until.TrueAsync(() => gateway.Client.CountsAsync(), counts => counts.GetProperty("processed").GetInt64() == 2);
        foreach (var key in keys)
        {
            var e = await gateway.Client.EventAsync(key);
            e.GetProperty("generation").GetInt32().ShouldBe(2);
            e.History().ShouldBe([(1, 1, "permanent-status"), (1, 2, "permanent-status"), (2, 1, "routed")]);
        }
    }

    [Fact]
    public async Task Only_probes_are_sent_while_the_circuit_is_open_and_they_are_not_counted()
    {
        await using var gateway = await RoutedGateway.StartAsync(
            ("Processing:MaxRetries", "1000"), ("Routing:BreakerStreak", "2"), ("Processing:Prefetch", "1"),
            ("Routing:BreakerBreak", "00:05:00"));
        gateway.Routing.Answer = (_, _) => Results.StatusCode(500);
        var keys = await gateway.AcceptedAsync(20);

        await Until.TrueAsync(() => gateway.Routing.Calls.Count >= 2);
        await Until.TrueAsync(
            () => gateway.Client.EventsAsync(), events => events.Sum(e => e.GetProperty("attempts").GetInt32()) == 2);

        gateway.Routing.Calls.Count.ShouldBe(2, "the breaker is open for minutes");
        (await gateway.Client.CountsAsync()).GetProperty("pending").GetInt64().ShouldBe(keys.Count);
    }

    [Fact]
    public async Task Merchant_in_trouble_does_not_delay_the_others_and_fails_alone()
    {
        await using var gateway = await RoutedGateway.StartAsync(("Processing:Prefetch", "2"));
        gateway.Routing.Answer = (call, _) => call.Body.Text("merchantId") == "failing"
            ? Results.StatusCode(500)
            : FakeRoutingService.Routed(call);
        var failing = await gateway.Client.AcceptedAsync(gateway.Webhooks.Next() with { MerchantId = "failing" });

        // Others are routed between its calls, so it is its own fault.
        await Until.TrueAsync(
            async () =>
            {
                await gateway.Client.AcceptedAsync(gateway.Webhooks.Next());
                return await gateway.Client.EventAsync(failing);
            },
            e => e.Text("status") == "failed");

        var counts = await gateway.Client.SettledAsync();
        counts.GetProperty("failed").GetInt64().ShouldBe(1);
        (await gateway.Client.EventAsync(failing)).Text("outcome").ShouldBe("retries-exhausted");
        gateway.Routing.CallsOf(failing).Count().ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task Limit_of_one_merchant_fails_no_event_and_delays_no_other()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        var isLimited = true;
        gateway.Routing.Answer = (call, _) => isLimited && call.Body.Text("merchantId") == "limited"
            ? Results.StatusCode(429)
            : FakeRoutingService.Routed(call);
        foreach (var webhook in gateway.Webhooks.Take(30))
            await gateway.Client.AcceptedAsync(webhook with { MerchantId = "limited" });
        await gateway.AcceptedAsync(30);

        await Until.TrueAsync(() => gateway.Client.CountsAsync(), counts => counts.GetProperty("processed").GetInt64() == 30);
        (await gateway.Client.CountsAsync()).GetProperty("pending").GetInt64().ShouldBe(30);
        isLimited = false;

        (await gateway.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(60);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task No_answer_to_everybody_fails_an_event(int status)
    {
        await using var gateway = await RoutedGateway.StartAsync(("Processing:MaxRetries", "1"));
        gateway.Routing.Answer = (call, _) => FakeRoutingService.Routed(call);
        await gateway.AcceptedAsync(3);
        await gateway.Client.SettledAsync();
        gateway.Routing.Answer = (_, _) => Results.StatusCode(status);
        var keys = await gateway.AcceptedAsync(20);
        await Until.TrueAsync(() => gateway.Routing.Calls.Count >= 35);

        (await gateway.Client.CountsAsync()).GetProperty("failed").GetInt64().ShouldBe(0);
        gateway.Routing.Answer = (call, _) => FakeRoutingService.Routed(call);

        (await gateway.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(3 + keys.Count);
    }
}
