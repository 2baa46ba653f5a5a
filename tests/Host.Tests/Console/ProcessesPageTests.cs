using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class ProcessesPageTests(Chromium chromium)
{
    [Fact]
    public async Task Page_shows_the_process_with_its_role_state_and_attempts()
    {
        await using var host = GatewayHost.Start(("Processing:Prefetch", "7"));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.Link("Processes").ClickAsync();

        var row = visit.Page.Locator("table[aria-label='Processes'] tbody tr");
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row).ToContainTextAsync($"{Environment.ProcessId} on {Environment.MachineName}");
        await Expect(row).ToContainTextAsync("All");
        await Expect(row).ToContainTextAsync("ready");
        await Expect(row).ToContainTextAsync("0 of 7");
        await Expect(visit.Page.Locator("h1 + p")).ToContainTextAsync("1 process, together");
    }
}
