using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Gateway.RoutingService.Tests;

public sealed class StatsTests
{
    [Fact]
    public async Task Stats_count_requests_keys_and_repeated_keys()
    {
        await using var stub = await StubHost.StartAsync();

        foreach (var key in new[] { "a.1", "a.2", "a.2", "a.3", "a.2", null }) await stub.RouteIdOfAsync(key);

        (await stub.StatsAsync()).ShouldBe("""{"requests":6,"distinctKeys":3,"repeatedKeys":1}""");
    }

    [Fact]
    public async Task Stats_are_exact_with_concurrent_requests()
    {
        await using var stub = await StubHost.StartAsync(("RememberKeys", "true"));

        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => stub.RouteIdOfAsync($"a.{i % 20}")));

        (await stub.StatsAsync()).ShouldBe("""{"requests":400,"distinctKeys":20,"repeatedKeys":20}""");
        (await KeysAsync(stub)).ShouldAllBe(key => key.Value!["answers"]!.GetValue<int>() == 20);
    }

    [Fact]
    public void Ledger_counts_concurrent_answers()
    {
        var ledger = new RoutingLedger(Options.Create(new RoutingServiceOptions { RememberKeys = true }));

        Parallel.For(0, 200_000, i =>
        {
            ledger.CountRequest();
            ledger.CountAnswer((UInt128)(i % 1_000), $"a.{i % 1_000}");
        });

        ledger.Totals().ShouldBe((200_000, 1_000, 1_000));
        ledger.Keys()!.Sum(key => key.Answers).ShouldBe(200_000);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("429")]
    [InlineData("routed-false")]
    public async Task Failure_counts_as_a_request_and_not_as_an_answered_key(string kind)
    {
        await using var stub = await StubHost.StartAsync(("FailureRate", "1"), ("FailureKinds:0", kind));

        using var response = await stub.PostAsync("a.1");

        (await stub.StatsAsync()).ShouldBe("""{"requests":1,"distinctKeys":0,"repeatedKeys":0}""");
    }

    [Fact]
    public async Task Disconnected_client_does_not_count_as_answered()
    {
        await using var stub = await StubHost.StartAsync(("DelayMs", "2000"));
        using var leaving = new CancellationTokenSource();

        var answer = stub.PostAsync("a.1", leaving.Token);
        await stub.Time.TimerRunsAsync(TimeSpan.FromSeconds(2));
        (await stub.StatsAsync()).ShouldBe("""{"requests":1,"distinctKeys":0,"repeatedKeys":0}""");
        await stub.RequestEnded();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(answer);
        await stub.RequestEnded();
        stub.Time.Advance(TimeSpan.FromSeconds(2));

        (await stub.StatsAsync()).ShouldBe("""{"requests":1,"distinctKeys":0,"repeatedKeys":0}""");
    }

    [Fact]
    public async Task Key_stats_list_route_and_answers()
    {
        await using var stub = await StubHost.StartAsync(("RememberKeys", "true"));

        var route = await stub.RouteIdOfAsync("Fast-couriers.evt_201");
        await stub.RouteIdOfAsync("Fast-couriers.evt_201");

        var keys = await KeysAsync(stub);
        keys.ToJsonString().ShouldBe($$$"""{"Fast-couriers.evt_201":{"routeId":"{{{route}}}","answers":2}}""");
    }

    [Fact]
    public async Task Key_stats_are_404_when_keys_are_not_kept()
    {
        await using var stub = await StubHost.StartAsync();
        await stub.RouteIdOfAsync("a.1");

        using var response = await stub.GetAsOperatorAsync("/v1/routing-service/stats/keys");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/v1/routing-service/stats")]
    [InlineData("/v1/routing-service/stats/keys")]
    public async Task Stats_need_an_operator(string path)
    {
        await using var stub = await StubHost.StartAsync(("RememberKeys", "true"));

        using var response = await stub.Client.GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<JsonObject> KeysAsync(StubHost stub)
    {
        using var response = await stub.GetAsOperatorAsync("/v1/routing-service/stats/keys");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }
}
