using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>The console of the profile Distributed.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class DistributedConsoleTests(Chromium chromium)
{
    [Fact]
    public async Task Each_backend_is_shown_and_a_new_event_appears_without_a_reload()
    {
        var backends = await Backends.SharedAsync();
        var sandbox = backends.NewSandbox();
        await using (var host = GatewayHost.Start(sandbox.Select(setting => (setting.Key, setting.Value))))
        await using (var visit = await ConsoleVisit.BeginAsync(chromium, host.Address))
        {
            foreach (var backend in new[] { "RabbitMQ", "Redis", "MongoDB" })
                await Expect(visit.Page.Locator(".tile", new() { HasText = backend })).ToContainTextAsync("Up");
            await Expect(visit.Page.Locator("[data-count=queuedMessages]")).ToBeVisibleAsync();
            var webhook = new Webhooks().Next();

            await host.Client.AcceptedAsync(webhook);

            await Expect(visit.Page.Locator(".summary-card li", new() { HasText = webhook.EventId }))
                .ToContainTextAsync("processed");
            await Expect(visit.Page.Locator("[data-count=processed]")).ToHaveTextAsync("1");
        }

        await backends.ClearAsync(sandbox);
    }
}
