using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Gateway.Host.Tests.Console.Browser;

/// <summary>
/// A person with the console open. Every visit ends with the question whether the page has stayed quiet (no error in the
/// browser's console) and at home (no request to another host).
/// </summary>
public sealed class ConsoleVisit : IAsyncDisposable
{
    private readonly Uri _gateway;
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _strangers = new();

    private ConsoleVisit(Uri gateway, IBrowserContext context, IPage page)
    {
        _gateway = gateway;
        _context = context;
        Page = page;
        page.Console += (_, message) => Note(message);
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != gateway.Authority) _strangers.Enqueue(request.Url);
        };
    }

    public IPage Page { get; }

    /// <summary>Errors that the test itself asks for: what Chromium says of a 401, say.</summary>
    public string? Expected { get; set; }

    public static async Task<ConsoleVisit> BeginAsync(Chromium chromium, Uri gateway, string view = "", Look? look = null)
    {
        var context = await (await chromium.BrowserAsync()).NewContextAsync((look ?? Look.Desktop).Options);
        context.SetDefaultTimeout((float)TestSupport.Until.Timeout.TotalMilliseconds);
        var visit = new ConsoleVisit(gateway, context, await context.NewPageAsync());
        await visit.GoAsync(view);
        return visit;
    }

    public async Task GoAsync(string view)
    {
        await Page.GotoAsync(new Uri(_gateway, $"/console#/{view}").ToString());
        await Assertions.Expect(Page.Locator("h1")).ToHaveCountAsync(1);
    }

    /// <summary>The first numbers have come.</summary>
    public Task LiveAsync() => Assertions.Expect(Page.Locator(".connection")).ToHaveTextAsync("Live");

    public async Task LogInAsync(string name, string key)
    {
        await Page.GetByLabel("Your name").FillAsync(name);
        await Page.GetByLabel("Operator key").FillAsync(key);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name });

    public Task ForgetCookiesAsync() => _context.ClearCookiesAsync();

    public Task AllowClipboardAsync() => _context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        _errors.ShouldBeEmpty();
        _strangers.ShouldBeEmpty();
    }

    private void Note(IConsoleMessage message)
    {
        if (message.Type is not ("error" or "warning")) return;
        if (Expected is null || !message.Text.Contains(Expected, StringComparison.Ordinal)) _errors.Enqueue(message.Text);
    }
}
