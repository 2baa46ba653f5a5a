using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Console;

/// <summary>A gateway whose routing service rejects every event, until it recovers.</summary>
internal sealed class FailingGateway : IAsyncDisposable
{
    private FailingGateway(FakeRoutingService routing, GatewayHost host) => (Routing, Host) = (routing, host);

    public FakeRoutingService Routing { get; }

    public GatewayHost Host { get; private set; }

    public static async Task<FailingGateway> StartAsync()
    {
        var routing = await FakeRoutingService.StartAsync();
        // Without retries a 422 fails its event at once. Circuits that stay closed let hundreds fail.
        routing.Answer = (_, _) => Results.StatusCode(422);
        return new FailingGateway(routing, GatewayHost.Start(
            ("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"), ("Routing:BreakerStreak", "10000"),
            ("Routing:BreakerMinimum", "10000")));
    }

    public async Task StartAgainAsync(params (string Key, string Value)[] settings)
    {
        await Host.StopAsync();
        Host = Host.StartAgain(settings);
    }

    public void Recover() => Routing.Answer = (call, _) => FakeRoutingService.Routed(call);

    public async Task<IReadOnlyList<string>> FailAsync(int count)
    {
        var keys = await Task.WhenAll(new Webhooks().Take(count).Select(Host.Client.AcceptedAsync));
        (await Host.Client.SettledAsync()).GetProperty("failed").GetInt64().ShouldBe(count);
        return keys;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Routing.DisposeAsync();
    }
}
