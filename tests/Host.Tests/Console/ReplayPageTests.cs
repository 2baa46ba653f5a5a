using System.Text.RegularExpressions;
using Gateway.Host.Tests.Console.Browser;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>Replays of events that the routing service rejected.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ReplayPageTests(Chromium chromium) : IAsyncLifetime
{
    private FailingGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await FailingGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Replay_of_a_failure_group_processes_its_events()
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "failed");
        await visit.LiveAsync();
        await _gateway.FailAsync(3);
        var group = visit.Page.Locator("[data-outcome=rejected-by-router]");
        await Expect(group).ToContainTextAsync("422");
        await Expect(group.Locator("[data-count]")).ToHaveTextAsync("3");
        _gateway.Recover();

        await visit.Button("Replay all 3").ClickAsync();

        await Expect(group.Locator("[data-replay=done]")).ToHaveTextAsync("Done: 3 events replayed.");
        await Expect(group.Locator("progress")).ToHaveJSPropertyAsync("value", 3);
        (await _gateway.Host.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(3);
        await visit.GoAsync("");
        await Expect(visit.Page.Locator(".status-summary")).ToContainTextAsync("The gateway is healthy.");
    }

    [Fact]
    public async Task Dismissal_of_a_failure_group_ends_its_events_after_a_confirmation()
    {
        await _gateway.FailAsync(3);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "failed");
        await visit.Button("Dismiss").ClickAsync();
        await Expect(visit.Page.Locator("dialog")).ToContainTextAsync("3 events of this group get no more attempts.");

        await visit.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();

        await Expect(visit.Page.Locator("main")).ToContainTextAsync("3 events dismissed.");
        await Expect(visit.Page.Locator("[data-outcome]")).ToHaveCountAsync(0);
        (await _gateway.Host.Client.CountsAsync()).GetProperty("dismissed").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task Failure_group_shows_its_merchants_and_a_merchant_is_paused_from_there()
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "failed");
        var webhooks = new Webhooks();
        foreach (var merchant in new[] { "m-1", "m-2", "m-1" })
            await _gateway.Host.Client.AcceptedAsync(webhooks.Next() with { MerchantId = merchant });
        await _gateway.Host.Client.SettledAsync();
        var group = visit.Page.Locator("[data-outcome=rejected-by-router]");

        await group.GetByText("By source and merchant").ClickAsync();

        await Expect(group.Locator(".shares li")).ToHaveTextAsync(
            [new Regex("^3source gateway"), new Regex("^2merchant m-1 of gateway"), new Regex("^1merchant m-2 of gateway")]);
        await visit.Button("Pause merchant m-1 of gateway").ClickAsync();
        await visit.Page.Locator("dialog button[value=yes]").ClickAsync();
        await Expect(group).ToContainTextAsync("Routing of merchant m-1 of gateway is paused.");
        var pauses = await _gateway.Host.Client.GetAsync($"{GatewayClient.BasePath}/pauses");
        pauses.GetProperty("items")[0].Text("merchantId").ShouldBe("m-1");
        await visit.Link("List merchant m-2 of gateway").ClickAsync();
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Replay_runs_in_steps_and_can_be_stopped_and_resumed()
    {
        await _gateway.FailAsync(1_200);
        _gateway.Recover();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "failed");
        var stopped = new TaskCompletionSource();
        var steps = 0;
        await visit.Page.RouteAsync("**/replays", async route =>
        {
            if (++steps == 2) await stopped.Task;
            await route.ContinueAsync();
        });

        await visit.Button("Replay all 1,200").ClickAsync();
        await Expect(visit.Page.Locator("dialog")).ToContainTextAsync("1,200 events match");
        await visit.Page.Locator("dialog button[value=yes]").ClickAsync();
        await Expect(visit.Page.Locator("[data-replay=running]")).ToHaveTextAsync("Replaying: 500 of 1,200");
        await visit.Button("Stop").ClickAsync();
        stopped.SetResult();

        await Expect(visit.Page.Locator("[data-replay=stopped]")).ToHaveTextAsync("Stopped: 1,000 events replayed, 200 left.");
        (await _gateway.Host.Client.SettledAsync()).GetProperty("failed").GetInt64().ShouldBe(200);
        await visit.Button("Resume").ClickAsync();
        await Expect(visit.Page.Locator("[data-replay=done]")).ToHaveTextAsync("Done: 1,200 events replayed.");
    }

    [Fact]
    public async Task Replay_by_keyboard_moves_the_focus_to_the_next_control()
    {
        await _gateway.FailAsync(1_200);
        _gateway.Recover();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "failed");
        var isFocused = new TaskCompletionSource();
        await visit.Page.RouteAsync("**/replays", async route =>
        {
            await isFocused.Task;
            await route.ContinueAsync();
        });

        await visit.Button("Replay all 1,200").PressAsync("Enter");
        await visit.Page.Locator("dialog button[value=yes]").PressAsync("Enter");
        await Expect(visit.Button("Stop")).ToBeFocusedAsync();
        isFocused.SetResult();

        await Expect(visit.Page.Locator("[data-replay=done]")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("[data-outcome=rejected-by-router] h2[tabindex]")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Replay_result_disappears_when_an_event_fails_again()
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "failed");
        await visit.LiveAsync();
        await _gateway.FailAsync(1);
        _gateway.Recover();
        await visit.Button("Replay all 1").ClickAsync();
        await Expect(visit.Page.Locator("[data-replay=done]")).ToBeVisibleAsync();
        await Expect(visit.Button("Replay")).ToBeDisabledAsync();
        await _gateway.Host.Client.SettledAsync();

        _gateway.Routing.Answer = (_, _) => Results.StatusCode(422);
        await _gateway.Host.Client.StatusAsync(await _gateway.Host.Client.AcceptedAsync(new Webhooks(seed: 2).Next()), "failed");

        await Expect(visit.Button("Replay all 1")).ToBeEnabledAsync();
        await Expect(visit.Page.Locator("[data-replay]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Only_selected_events_are_replayed()
    {
        var keys = await _gateway.FailAsync(3);
        _gateway.Recover();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "events?status=failed");
        await visit.LiveAsync();

        foreach (var key in keys.Take(2)) await visit.Page.GetByLabel($"Select {key}").CheckAsync();
        await visit.Button("Replay selected (2)").ClickAsync();

        await Expect(visit.Page.Locator(".note")).ToHaveTextAsync("2 events replayed.");
        foreach (var key in keys.Take(2)) await _gateway.Host.Client.StatusAsync(key, "processed");
        (await _gateway.Host.Client.EventAsync(keys[2])).Text("status").ShouldBe("failed");
    }

    [Fact]
    public async Task Replayed_event_shows_its_second_generation()
    {
        var key = (await _gateway.FailAsync(1)).Single();
        _gateway.Recover();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, $"events/{key}");

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Replay", Exact = true }).ClickAsync();

        await Expect(visit.Page.Locator(".timeline")).ToContainTextAsync("Generation 2");
        await Expect(visit.Page.Locator(".timeline li").Filter(new() { HasText = "Generation 1 failed" }))
            .ToContainTextAsync("routing service answered 422");
        await Expect(visit.Page.Locator(".timeline")).ToContainTextAsync("Generation 2: replayed by developer");
        await Expect(visit.Link("Audit log")).ToHaveAttributeAsync("href", "#/audit");
        await Expect(visit.Page.Locator(".timeline li").Last).ToContainTextAsync("Processed: Routed");
        await Expect(visit.Page.Locator(".note")).ToHaveCountAsync(0);
        await Expect(visit.Heading(key)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Replay_during_an_outage_needs_a_confirmation()
    {
        var key = (await _gateway.FailAsync(1)).Single();
        _gateway.Routing.Answer = (_, _) => Results.StatusCode(503);
        await _gateway.StartAgainAsync(("Routing:BreakerStreak", "10"));
        // Another seed: the same events would be resubmissions of the failed one.
        await Task.WhenAll(new Webhooks(seed: 2).Take(20).Select(_gateway.Host.Client.AcceptedAsync));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address);
        await Expect(visit.Heading("Routing service is down")).ToBeVisibleAsync();
        await visit.GoAsync("failed");
        var group = visit.Page.Locator("[data-outcome=rejected-by-router]");
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);

        await group.GetByRole(AriaRole.Button, new() { Name = "Replay all 1" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("The routing service is down. Replayed events stay pending until it recovers.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        (await _gateway.Host.Client.EventAsync(key)).Text("status").ShouldBe("failed");
        await group.GetByRole(AriaRole.Button, new() { Name = "Replay all 1" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Replay anyway" }).ClickAsync();

        await Expect(group.Locator("[data-replay=done]")).ToHaveTextAsync("Done: 1 event replayed.");
        (await _gateway.Host.Client.EventAsync(key)).Text("status").ShouldBe("pending");
    }

    [Fact]
    public async Task Failure_group_shows_whether_a_replay_helps()
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address);
        var groups = new[]
        {
            Group("shipment-ended", null, 1), Group("retries-exhausted", "routing service answered routed: false", 2),
            Group("retries-exhausted", "no answer", 2),
        };
        await visit.Page.RouteAsync("**/failures", route => route.FulfillAsync(new() { Json = new { groups, total = 5 } }));
        await visit.GoAsync("failed");

        var shown = visit.Page.Locator(".group");
        await Expect(shown.Nth(0)).ToContainTextAsync("Received 25 Feb 2024, 15:30:00 (");
        await Expect(shown.Nth(0).Locator("button.primary")).ToHaveCountAsync(0);
        await Expect(shown.Nth(1)).ToContainTextAsync("Contact its owner before a replay.");
        await Expect(shown.Nth(2)).ToContainTextAsync("Received between 25 Feb 2024, 15:30:00 (");
        await Expect(shown.Nth(2)).ToContainTextAsync("Replay after the routing service has recovered.");
        await Expect(shown.Nth(2).Locator("button.primary")).ToHaveCountAsync(1);
    }

    private static object Group(string outcome, string? error, int count) => new
    {
        outcome, error, count, replayable = true,
        oldestReceivedAt = "2024-02-25T14:30:00.000Z", newestReceivedAt = $"2024-02-25T14:3{count - 1}:00.000Z",
    };
}
