using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>Replays of the events that a search finds.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class SearchReplayPageTests(Chromium chromium) : IAsyncLifetime
{
    private FailingGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await FailingGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Matches_are_counted_and_the_rest_follows_the_canary_that_is_routed()
    {
        await _gateway.FailAsync(120);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "events?status=failed");
        await visit.LiveAsync();
        await visit.Button("Replay matching…").ClickAsync();
        var replay = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Replay of this search" });
        await Expect(replay).ToContainTextAsync("120 failed events of this search can be replayed.");
        (await _gateway.Host.Client.CountsAsync()).GetProperty("failed").GetInt64().ShouldBe(120, "counting replays nothing");
        await Expect(replay.GetByLabel("First, and the rest if routed")).ToHaveValueAsync("5");
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await visit.Button("Replay all (120)").ClickAsync();
        await Expect(dialog).ToContainTextAsync("120 events match and become pending again.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        (await _gateway.Host.Client.CountsAsync()).GetProperty("failed").GetInt64().ShouldBe(120);
        _gateway.Recover();

        await visit.Button("Replay all (120)").ClickAsync();
        await dialog.Locator("button[value=yes]").ClickAsync();

        await Expect(replay.Locator("[data-replay=done]")).ToHaveTextAsync("Done: 120 events replayed.");
        (await _gateway.Host.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(120);
    }

    [Fact]
    public async Task Canary_that_fails_again_stops_the_replay_until_the_operator_replays_the_rest()
    {
        await _gateway.FailAsync(120);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "failed");
        await visit.LiveAsync();
        var replay = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Replay of this group" });
        await visit.Button("Canary or rate…").ClickAsync();
        await Expect(replay).ToContainTextAsync("120 failed events of this group can be replayed.");
        await replay.GetByLabel("First, and the rest if routed").FillAsync("3");

        await visit.Button("Replay all (120)").ClickAsync();
        await visit.Page.Locator("dialog button[value=yes]").ClickAsync();

        await Expect(replay.Locator("[data-replay=held]")).ToHaveTextAsync(new Regex(
            "^Held: of the first 3, 0 routed, [123] not routed(, [12] pending)?: routing service answered 422. "
            + "The rest is not replayed.$"));
        var counts = await _gateway.Host.Client.SettledAsync();
        (counts.GetProperty("failed").GetInt64(), counts.GetProperty("processed").GetInt64()).ShouldBe((120, 0));
        _gateway.Routing.Calls.Count.ShouldBe(123, "only the canary was called again");
        await Expect(visit.Link("See why")).ToHaveAttributeAsync("href", new Regex("^#/events/."));
        _gateway.Recover();
        await visit.Button("Replay the rest anyway").ClickAsync();
        await Expect(replay.Locator("[data-replay=done]")).ToHaveTextAsync("Done: 120 events replayed.");
        counts = await _gateway.Host.Client.SettledAsync();
        (counts.GetProperty("failed").GetInt64(), counts.GetProperty("processed").GetInt64()).ShouldBe((3, 117));
    }

    [Fact]
    public async Task Replay_can_be_stopped_while_its_canary_is_pending()
    {
        await _gateway.FailAsync(4);
        var release = new TaskCompletionSource();
        _gateway.Routing.Answer = (call, _) => FakeRoutingService.HeldBack(release.Task, FakeRoutingService.Routed(call));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "events?status=failed");
        await visit.Button("Replay matching…").ClickAsync();
        await visit.Page.GetByLabel("First, and the rest if routed").FillAsync("2");
        await visit.Button("Replay all (4)").ClickAsync();
        await Expect(visit.Page.Locator("[data-replay=running]")).ToHaveTextAsync("Replaying the first 2: 0 routed, 2 pending");

        await visit.Button("Stop").ClickAsync();
        release.SetResult();

        await Expect(visit.Page.Locator("[data-replay=stopped]")).ToHaveTextAsync("Stopped: 2 events replayed.");
        var counts = await _gateway.Host.Client.SettledAsync();
        (counts.GetProperty("failed").GetInt64(), counts.GetProperty("processed").GetInt64()).ShouldBe((2, 2));
        await visit.Button("Resume").ClickAsync();
        await Expect(visit.Page.Locator("[data-replay=done]")).ToHaveTextAsync("Done: 4 events replayed.");
    }

    [Fact]
    public async Task Rate_is_sent_with_every_step_and_the_next_step_continues_where_the_last_one_ended()
    {
        await _gateway.FailAsync(600);
        _gateway.Recover();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "events?status=failed");
        var (sent, answered) = (new ConcurrentQueue<JsonElement>(), new ConcurrentQueue<JsonElement>());
        await visit.Page.RouteAsync("**/replays", async route =>
        {
            sent.Enqueue(route.Request.PostDataJSON()!.Value);
            var answer = await route.FetchAsync();
            answered.Enqueue((await answer.JsonAsync())!.Value);
            await route.FulfillAsync(new() { Response = answer });
        });
        await visit.Button("Replay matching…").ClickAsync();
        var all = visit.Button("Replay all (600)");

        await visit.Page.GetByLabel("First, and the rest if routed").FillAsync("");
        await visit.Page.GetByLabel("Events per second").FillAsync("0");
        await all.ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await visit.Page.GetByLabel("Events per second").FillAsync("2");
        await all.ClickAsync();
        await visit.Page.Locator("dialog button[value=yes]").ClickAsync();

        await Expect(visit.Page.Locator("[data-replay=done]"))
            .ToHaveTextAsync(new Regex("^Done: 600 events replayed. The last one is due at [0-9:]+.$"));
        sent.Select(call => (call.GetProperty("limit").GetInt32(), Number(call, "perSecond"), Text(call, "nextDueAt"))).ShouldBe(
            [(0, null, null), (500, 2, null), (500, 2, Text(answered.ElementAt(1), "nextDueAt"))]);
        sent.Skip(1).ShouldAllBe(call => Text(call, "asOf") == Text(answered.First(), "asOf"));
        (await _gateway.Host.Client.CountsAsync()).GetProperty("pending").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Replay_of_a_search_is_shown_again_after_another_view()
    {
        await _gateway.FailAsync(2);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "events?status=failed");
        await visit.LiveAsync();
        var isBack = new TaskCompletionSource();
        await visit.Button("Replay matching…").ClickAsync();
        await Expect(visit.Button("Replay all (2)")).ToBeFocusedAsync();
        await visit.Page.RouteAsync("**/replays", async route =>
        {
            await isBack.Task;
            await route.ContinueAsync();
        });
        _gateway.Recover();
        await visit.Button("Replay all (2)").ClickAsync();
        await Expect(visit.Button("Stop")).ToBeFocusedAsync();
        await visit.GoAsync("failed");
        await Expect(visit.Page.Locator("[data-outcome]")).ToHaveCountAsync(1);

        await visit.GoAsync("events?status=failed");
        await Expect(visit.Page.Locator("[data-replay=running]")).ToBeVisibleAsync();
        isBack.SetResult();

        await Expect(visit.Page.Locator("[data-replay=done]")).ToHaveTextAsync("Done: 2 events replayed.");
    }

    [Fact]
    public async Task Chosen_dismissed_events_are_replayed()
    {
        var keys = await _gateway.FailAsync(3);
        using (await _gateway.Host.Client.Http.PostAsync(
            "/v1/events-gateway/events/dismiss", new StringContent(
                """{"filter":{}}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")))) { }
        _gateway.Recover();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, "events?status=dismissed");
        await visit.LiveAsync();

        foreach (var key in keys.Take(2)) await visit.Page.GetByLabel($"Select {key}").CheckAsync();
        await visit.Button("Replay selected (2)").ClickAsync();

        await Expect(visit.Page.Locator(".note")).ToHaveTextAsync("2 events replayed.");
        foreach (var key in keys.Take(2)) await _gateway.Host.Client.StatusAsync(key, "processed");
        await visit.Button("Replay matching…").ClickAsync();
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("1 dismissed event of this search can be replayed.");
        await visit.Button("Replay all (1)").ClickAsync();
        await _gateway.Host.Client.StatusAsync(keys[2], "processed");
    }

    [Theory]
    [InlineData("events", true)]
    [InlineData("events?status=dismissed&merchantId=m", true)]
    [InlineData("events?outcome=late", true)]
    [InlineData("events?outcome=poison", true)]
    [InlineData("events?status=pending", false)]
    [InlineData("events?status=processed", false)]
    [InlineData("events?status=failed&outcome=late", false)]
    [InlineData("events?outcome=routed", false)]
    [InlineData("events?outcome=unreadable", false)]
    public async Task Replay_is_offered_where_the_search_finds_events_that_can_be_replayed(string view, bool isOffered)
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, _gateway.Host.Address, view);

        await Expect(visit.Page.GetByText("No matching events")).ToBeVisibleAsync();
        await Expect(visit.Button("Replay matching…")).ToHaveCountAsync(isOffered ? 1 : 0);
    }

    private static int? Number(JsonElement call, string name)
        => call.TryGetProperty(name, out var found) ? found.GetInt32() : null;

    private static string? Text(JsonElement call, string name)
        => call.TryGetProperty(name, out var found) ? found.GetString() : null;
}
