using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class LoginPageTests(Chromium chromium)
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
        (await visit.Page.EvaluateAsync<bool>("async () => (await (await fetch('/console/session')).json()).loginNeeded")).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_logs_in_as_developer_can_log_out_and_a_developer_at_home_has_no_need_to()
    {
        await using var guarded = GatewayHost.Start(("Operator:ApiKey", Key));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, guarded.Address);
        await visit.LogInAsync("developer", Key);
        await Expect(visit.Button("Log out")).ToBeVisibleAsync();

        await using var open = GatewayHost.Start();
        await using var atHome = await ConsoleVisit.BeginAsync(chromium, open.Address);
        await atHome.LiveAsync();
        await Expect(atHome.Button("Log out")).ToHaveCountAsync(0);
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
