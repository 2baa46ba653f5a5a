using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class LoginPageTests(Chromium chromium)
{
    private const string Key = "a key that operators know";

    // Chromium logs this for every 401.
    private const string Unauthorized = "the server responded with a status of 401";

    [Fact]
    public async Task Login_leads_to_the_view_in_the_address()
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", Key));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "rejected");
        await Expect(visit.Heading("Gateway console")).ToBeVisibleAsync();

        await visit.LogInAsync(Key);

        await Expect(visit.Heading("Rejected requests")).ToBeVisibleAsync();
        await visit.LiveAsync();
        (await visit.Page.EvaluateAsync<string>("() => document.cookie")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Wrong_key_shows_an_error_and_does_not_log_in()
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", Key));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        visit.ExpectedError = Unauthorized;

        await visit.LogInAsync("another key altogether");

        await Expect(visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToHaveTextAsync("Wrong operator key.");
        await Expect(visit.Page.Locator("nav")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Logout_ends_the_session()
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", Key));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LogInAsync(Key);

        await visit.Button("Log out").ClickAsync();

        await Expect(visit.Page.GetByLabel("Operator key")).ToBeVisibleAsync();
        const string loginNeeded = "async () => (await (await fetch('/console/session')).json()).loginNeeded";
        (await visit.Page.EvaluateAsync<bool>(loginNeeded)).ShouldBeTrue();
    }

    [Fact]
    public async Task Logout_button_is_shown_only_after_a_login()
    {
        await using var guarded = GatewayHost.Start(("Operator:ApiKey", Key));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, guarded.Address);
        await visit.LogInAsync(Key);
        await Expect(visit.Button("Log out")).ToBeVisibleAsync();

        await using var open = GatewayHost.Start();
        await using var local = await ConsoleVisit.BeginAsync(chromium, open.Address);
        await local.LiveAsync();
        await Expect(local.Button("Log out")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Ended_session_asks_for_a_login_and_leads_back_to_the_view()
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", Key));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        visit.ExpectedError = Unauthorized;
        await visit.LogInAsync(Key);
        await visit.LiveAsync();

        await visit.ClearCookiesAsync();
        await visit.Link("Audit").ClickAsync();
        await Expect(visit.Page.GetByText("Your session has ended.")).ToBeVisibleAsync();
        await visit.LogInAsync(Key);

        await Expect(visit.Heading("Audit log")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("operator");
    }
}
