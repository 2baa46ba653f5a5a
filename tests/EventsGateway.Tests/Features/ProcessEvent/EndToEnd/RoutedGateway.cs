using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent.EndToEnd;

/// <summary>A gateway that retries fast, and the routing service that it calls.</summary>
internal sealed class RoutedGateway : IAsyncDisposable
{
    private RoutedGateway(FakeRoutingService routing, GatewayHost host) => (Routing, Host) = (routing, host);

    public FakeRoutingService Routing { get; }

    public GatewayHost Host { get; private set; }

    public GatewayClient Client => Host.Client;

    public Webhooks Webhooks { get; } = new();

    public static async Task<RoutedGateway> StartAsync(params IEnumerable<(string Key, string Value)> settings)
    {
        var routing = await FakeRoutingService.StartAsync();
        return new RoutedGateway(routing, GatewayHost.Start(
        [
            ("Routing:Url", routing.Url), ("Routing:BreakerBreak", "00:00:00.500"), ("Processing:RetryBase", "00:00:00.050"),
            ("Processing:RetryCap", "00:00:01"), ("Processing:StopGrace", "00:00:00.100"),
            // Tests send faster than the clocks of ingest processes may differ.
            ("Processing:ArrivalTolerance", "00:00:00"), .. settings,
        ]));
    }

    /// <summary>A stop and another start on the same database.</summary>
    public async Task RestartAsync(params IEnumerable<(string Key, string Value)> settings)
    {
        await Host.StopAsync();
        StartAgain(settings);
    }

    public void StartAgain(params IEnumerable<(string Key, string Value)> settings) => Host = Host.StartAgain(settings);

    public async Task<List<string>> AcceptedAsync(int count)
        => [.. await Task.WhenAll(Webhooks.Take(count).Select(webhook => Client.AcceptedAsync(webhook)))];

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Routing.DisposeAsync();
    }
}

internal static class Histories
{
    /// <summary>The attempts of an event as (generation, number, result).</summary>
    public static IEnumerable<(int Generation, int Number, string Result)> History(this JsonElement detail)
        => detail.GetProperty("attempts").EnumerateArray()
            .Select(a => (a.GetProperty("generation").GetInt32(), a.GetProperty("number").GetInt32(), a.Text("result")!));
}
