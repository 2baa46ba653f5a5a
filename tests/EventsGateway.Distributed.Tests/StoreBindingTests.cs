using System.Net;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.EventsGateway.Distributed.Tests;

/// <summary>A queue belongs to one store.</summary>
public sealed class StoreBindingTests
{
    [Fact]
    public async Task Gateway_with_another_store_on_the_queue_is_not_ready_and_accepts_nothing()
    {
        var backends = await Backends.SharedAsync();
        var sandbox = backends.NewSandbox();
        await using var first = Start(sandbox);
        await first.Client.StatusAsync(await first.Client.AcceptedAsync(new Webhooks().Next()), "processed");

        await using var second = Start(sandbox, ("Mongo:Uri", backends.Mongo.UriOf($"t{Guid.NewGuid():N}")));

        var reason = await Until.TrueAsync(
            () => ReasonAsync(second, "rabbitmq"), reason => reason?.Contains("belongs to another store") == true);
        reason!.ShouldContain($"delete the exchange '{sandbox["RabbitMq:Queue"]}.store'");
        using (var answer = await second.Client.PostSignedAsync(new Webhooks(seed: 2).Next()))
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var keys = await Task.WhenAll(new Webhooks(seed: 3).Take(20).Select(webhook => first.Client.AcceptedAsync(webhook)));
        foreach (var key in keys) await first.Client.StatusAsync(key, "processed");
    }

    [Fact]
    public async Task Processes_of_one_store_share_the_queue_also_after_a_restart()
    {
        var sandbox = (await Backends.SharedAsync()).NewSandbox();
        await using (var first = Start(sandbox))
            await first.Client.StatusAsync(await first.Client.AcceptedAsync(new Webhooks().Next()), "processed");

        await using var second = Start(sandbox);
        await using var third = Start(sandbox);

        foreach (var host in new[] { second, third })
            await Until.TrueAsync(() => ReasonAsync(host, "queue-reader"), reason => reason == "moves events into the store");
        var keys = await Task.WhenAll(new Webhooks(seed: 3).Take(20).Select(webhook => second.Client.AcceptedAsync(webhook)));
        foreach (var key in keys) await third.Client.StatusAsync(key, "processed");
    }

    private static GatewayHost Start(IReadOnlyDictionary<string, string> sandbox, params (string, string)[] settings)
        => GatewayHost.Start([.. sandbox.Select(setting => (setting.Key, setting.Value)), .. settings]);

    private static async Task<string?> ReasonAsync(GatewayHost host, string check)
    {
        using var answer = await host.Client.Http.GetAsync("/health/ready");
        var ready = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return ready.GetProperty("checks").GetProperty(check).Text("detail");
    }
}
