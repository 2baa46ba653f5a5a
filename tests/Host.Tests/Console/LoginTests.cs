using System.Net;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class LoginTests(Chromium chromium)
{
    private const string Key = "a key that operators know";

    // Chromium's own words for every 401.
    private const string Unauthorized = "the server responded with a status of 401";

    [Fact]
    public async Task A_deep_link_is_where_one_is_after_the_login()
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", Key));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "rejected");
        await Expect(visit.Heading("Gateway console")).ToBeVisibleAsync();

        await visit.LogInAsync("nadia", Key);

        await Expect(visit.Heading("Rejected requests")).ToBeVisibleAsync();
        await visit.LiveAsync();
        (await visit.Page.EvaluateAsync<string>("() => document.cookie")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_key_says_so_and_lets_nobody_in()
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", Key));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        visit.Expected = Unauthorized;

        await visit.LogInAsync("nadia", "another key altogether");

        await Expect(visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToHaveTextAsync("That is not the operator key.");
        await Expect(visit.Page.Locator("nav")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Who_logs_out_has_to_log_in_again()
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", Key));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LogInAsync("nadia", Key);

        await visit.Button("Log out").ClickAsync();

        await Expect(visit.Page.GetByLabel("Operator key")).ToBeVisibleAsync();
        var status = await visit.Page.EvaluateAsync<int>("async () => (await fetch('/console/session')).json().then(state => state.loginNeeded ? 401 : 200)");
        ((HttpStatusCode)status).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_ended_session_asks_for_a_login_and_leads_back()
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", Key));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        visit.Expected = Unauthorized;
        await visit.LogInAsync("nadia", Key);
        await visit.LiveAsync();

        await visit.ForgetCookiesAsync();
        await visit.Link("Audit").ClickAsync();
        await Expect(visit.Page.GetByText("Your session has ended.")).ToBeVisibleAsync();
        await visit.LogInAsync("omar", Key);

        await Expect(visit.Heading("Audit")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("omar");
    }
}
