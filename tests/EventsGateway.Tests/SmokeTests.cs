using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests;

public sealed class SmokeTests
{
    [Fact]
    public async Task A_webhook_goes_from_202_to_processed()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        var webhook = new Webhooks().Next();

        using var answer = await host.Client.PostSignedAsync(webhook);

        ((int)answer.StatusCode).ShouldBe(202);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"status":"accepted"}""");
        var key = answer.Headers.Location!.ToString().Split('/')[^1];
        (await host.Client.StatusAsync(key, "processed")).GetProperty("routeId").GetString().ShouldBe($"RoID-{key}");
        routing.Calls.Count.ShouldBe(1);
    }
}
