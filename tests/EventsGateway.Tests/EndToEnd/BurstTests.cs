using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.EndToEnd;

/// <summary>No other test runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class NoParallelTests
{
    public const string Name = "no parallel tests";
}

[Collection(NoParallelTests.Name)]
public sealed class BurstTests
{
    private const int Events = 10_000;
    private const int Connections = 1_000;

    [Fact]
    public async Task Ten_thousand_events_over_a_thousand_connections_are_all_stored()
    {
        await using var host = GatewayHost.Start(("Processing:Prefetch", "200"));
        var webhooks = new Webhooks().Take(Events);
        using var burst = new CancellationTokenSource();
        var health = AskHealthAsync(host, burst.Token);

        var parts = await Task.WhenAll(webhooks.Chunk(Events / Connections).Select(part => SendAsync(host, part)));
        var keys = parts.SelectMany(part => part).ToList();
        await burst.CancelAsync();

        keys.ShouldBeUnique();
        keys.Count.ShouldBe(Events);
        (await health).ShouldBeGreaterThan(0);
        var counts = await host.Client.SettledAsync(TimeSpan.FromMinutes(3));
        (counts.GetProperty("accepted").GetInt64(), counts.GetProperty("processed").GetInt64()).ShouldBe((Events, Events));
        (await host.Client.EventsAsync()).Select(e => e.Text("key")).ShouldBe(keys, ignoreOrder: true);
        var stub = await host.Client.GetAsync("/v1/routing-service/stats");
        (stub.GetProperty("distinctKeys").GetInt32(), stub.GetProperty("repeatedKeys").GetInt32()).ShouldBe((Events, 0));
    }

    /// <summary>Posts one after the other on one connection; returns the event keys.</summary>
    private static async Task<List<string>> SendAsync(GatewayHost host, IReadOnlyList<Webhook> webhooks)
    {
        var keys = new List<string>();
        using var sender = host.NewClient().After(host.Client);
        foreach (var webhook in webhooks) keys.Add(await sender.AcceptedAsync(webhook));
        return keys;
    }

    /// <summary>Asks for health until the burst ends; returns the number of answers, which must all be ok.</summary>
    private static async Task<int> AskHealthAsync(GatewayHost host, CancellationToken burst)
    {
        var answered = 0;
        using var probe = host.NewClient();
        while (!burst.IsCancellationRequested)
        {
            (await probe.GetAsync("/health", CancellationToken.None)).Text("status").ShouldBe("ok");
            answered++;
        }

        return answered;
    }
}
