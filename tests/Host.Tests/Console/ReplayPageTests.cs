using Gateway.EventsGateway.Entities;
using Gateway.Host.Tests.Console.Browser;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>What the routing service refused, and what an operator does about it.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ReplayPageTests(Chromium chromium) : IAsyncLifetime
{
    private FakeRoutingService _routing = null!;
    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _routing = await FakeRoutingService.StartAsync();
        // A plain no: it is final at once, and the breaker stays closed.
        _routing.Answer = (_, _) => Results.StatusCode(422);
        _host = GatewayHost.Start(("Routing:Url", _routing.Url));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _routing.DisposeAsync();
    }

    [Fact]
    public async Task A_failing_routing_service_becomes_a_group_and_its_replay_processes_it()
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _host.Address, "failed");
        await visit.LiveAsync();
        await FailAsync(3);
        var group = visit.Page.Locator("[data-outcome=rejected-by-router]");
        await Expect(group).ToContainTextAsync("422");
        await Expect(group.Locator("[data-count]")).ToHaveTextAsync("3");
        Recover();

        await visit.Button("Replay all 3").ClickAsync();

        await Expect(group.Locator("[data-replay=done]")).ToHaveTextAsync("Done: 3 events replayed.");
        await Expect(group.Locator("progress")).ToHaveJSPropertyAsync("value", 3);
        (await _host.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(3);
        await visit.GoAsync("");
        await Expect(visit.Page.Locator(".verdict")).ToContainTextAsync("All is well.");
    }

    [Fact]
    public async Task A_replay_goes_in_steps_and_can_be_stopped_between_them()
    {
        await FailAsync(1_200);
        Recover();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _host.Address, "failed");
        var stopped = new TaskCompletionSource();
        var steps = 0;
        await visit.Page.RouteAsync("**/replays", async route =>
        {
            if (++steps == 2) await stopped.Task;
            await route.ContinueAsync();
        });

        await visit.Button("Replay all 1,200").ClickAsync();
        await Expect(visit.Page.Locator("[data-replay=running]")).ToHaveTextAsync("Replaying: 500 of 1,200");
        await visit.Button("Stop").ClickAsync();
        stopped.SetResult();

        await Expect(visit.Page.Locator("[data-replay=stopped]")).ToHaveTextAsync("Stopped: 1,000 events replayed, 200 left.");
        (await _host.Client.SettledAsync()).GetProperty("failed").GetInt64().ShouldBe(200);
        await visit.Button("Go on").ClickAsync();
        await Expect(visit.Page.Locator("[data-replay=done]")).ToHaveTextAsync("Done: 1,200 events replayed.");
    }

    [Fact]
    public async Task A_replay_by_keyboard_leaves_the_focus_where_one_goes_on()
    {
        await FailAsync(1_200);
        Recover();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _host.Address, "failed");
        var looked = new TaskCompletionSource();
        await visit.Page.RouteAsync("**/replays", async route =>
        {
            await looked.Task;
            await route.ContinueAsync();
        });

        await visit.Button("Replay all 1,200").PressAsync("Enter");
        await Expect(visit.Button("Stop")).ToBeFocusedAsync();
        looked.SetResult();

        await Expect(visit.Page.Locator("[data-replay=done]")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("[data-outcome=rejected-by-router] h2")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_a_replay_told_goes_with_the_next_failure()
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _host.Address, "failed");
        await visit.LiveAsync();
        await FailAsync(1);
        Recover();
        await visit.Button("Replay all 1").ClickAsync();
        await Expect(visit.Page.Locator("[data-replay=done]")).ToBeVisibleAsync();
        await Expect(visit.Button("Replay")).ToBeDisabledAsync();
        await _host.Client.SettledAsync();

        _routing.Answer = (_, _) => Results.StatusCode(422);
        await _host.Client.StatusAsync(await _host.Client.AcceptedAsync(new Webhooks(seed: 2).Next()), "failed");

        await Expect(visit.Button("Replay all 1")).ToBeEnabledAsync();
        await Expect(visit.Page.Locator("[data-replay]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_selection_is_replayed_and_nothing_else()
    {
        var keys = await FailAsync(3);
        Recover();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _host.Address, "events?status=failed");
        await visit.LiveAsync();

        foreach (var key in keys.Take(2)) await visit.Page.GetByLabel($"Select {key}").CheckAsync();
        await visit.Button("Replay selected (2)").ClickAsync();

        await Expect(visit.Page.Locator(".note")).ToHaveTextAsync("2 events replayed.");
        foreach (var key in keys.Take(2)) await _host.Client.StatusAsync(key, "processed");
        (await _host.Client.EventAsync(keys[2])).Text("status").ShouldBe("failed");
    }

    [Fact]
    public async Task One_event_is_replayed_and_its_second_life_is_told_apart()
    {
        var key = (await FailAsync(1)).Single();
        Recover();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _host.Address, $"events/{key}");

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Replay", Exact = true }).ClickAsync();

        await Expect(visit.Page.Locator(".timeline")).ToContainTextAsync("Life 2");
        await Expect(visit.Page.Locator(".timeline li").Filter(new() { HasText = "Life 1 ended: failed" })).ToContainTextAsync("routing service answered 422");
        await Expect(visit.Page.Locator(".timeline")).ToContainTextAsync("Life 2: replayed by developer");
        await Expect(visit.Link("Audit records")).ToHaveAttributeAsync("href", "#/audit");
        await Expect(visit.Page.Locator(".timeline li").Last).ToContainTextAsync("Processed: Routed");
        await Expect(visit.Page.Locator(".note")).ToHaveCountAsync(0);
        await Expect(visit.Heading(key)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_replay_during_an_outage_asks_first()
    {
        var key = (await FailAsync(1)).Single();
        _routing.Answer = (_, _) => Results.StatusCode(503);
        // Of another seed: an event that has failed and comes again is brought back.
        await Task.WhenAll(new Webhooks(seed: 2).Take(20).Select(_host.Client.AcceptedAsync));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _host.Address);
        await Expect(visit.Heading("Routing service is down")).ToBeVisibleAsync();
        await visit.GoAsync("failed");
        var group = visit.Page.Locator("[data-outcome=rejected-by-router]");
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);

        await group.GetByRole(AriaRole.Button, new() { Name = "Replay all 1" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("The routing service is down. Replayed events wait until it answers.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        (await _host.Client.EventAsync(key)).Text("status").ShouldBe("failed");
        await group.GetByRole(AriaRole.Button, new() { Name = "Replay all 1" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Replay all the same" }).ClickAsync();

        await Expect(group.Locator("[data-replay=done]")).ToHaveTextAsync("Done: 1 event replayed.");
        (await _host.Client.EventAsync(key)).Text("status").ShouldBe("pending");
    }

    [Fact]
    public async Task Each_group_says_whether_a_replay_helps()
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _host.Address);
        var groups = new[] { Group("shipment-ended", null, 1), Group("retries-exhausted", "routing service answered routed: false", 2), Group("retries-exhausted", "no answer", 2) };
        await visit.Page.RouteAsync("**/failures", route => route.FulfillAsync(new() { Json = new { groups, total = 5 } }));
        await visit.GoAsync("failed");

        var shown = visit.Page.Locator(".group");
        await Expect(shown.Nth(0)).ToContainTextAsync("Received 25 Feb 2024, 15:30:00 (");
        await Expect(shown.Nth(0).Locator("button.primary")).ToHaveCountAsync(0);
        await Expect(shown.Nth(1)).ToContainTextAsync("Ask its owner before you replay.");
        await Expect(shown.Nth(2)).ToContainTextAsync("Received between 25 Feb 2024, 15:30:00 (");
        await Expect(shown.Nth(2)).ToContainTextAsync("Replay once the routing service answers again.");
        await Expect(shown.Nth(2).Locator("button.primary")).ToHaveCountAsync(1);
    }

    private static object Group(string outcome, string? error, int count) => new
    {
        outcome, error, count, oldestReceivedAt = "2024-02-25T14:30:00.000Z", newestReceivedAt = $"2024-02-25T14:3{count - 1}:00.000Z", replayable = true,
    };

    private void Recover() => _routing.Answer = (call, _) => FakeRoutingService.Routed(call);

    private async Task<IReadOnlyList<string>> FailAsync(int count)
    {
        var keys = await Task.WhenAll(new Webhooks().Take(count).Select(_host.Client.AcceptedAsync));
        (await _host.Client.SettledAsync()).GetProperty("failed").GetInt64().ShouldBe(count);
        return keys;
    }
}
