using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Gateway.Host.Tests.Console.Browser;

/// <summary>
/// An open console. At the end of every visit the page must have logged no error and sent no request to another host.
/// </summary>
public sealed class ConsoleVisit : IAsyncDisposable
{
    private readonly Uri _gateway;
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _foreignRequests = new();

    private ConsoleVisit(Uri gateway, IBrowserContext context, IPage page)
    {
        _gateway = gateway;
        _context = context;
        Page = page;
        page.Console += (_, message) => Note(message);
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != gateway.Authority) _foreignRequests.Enqueue(request.Url);
        };
    }

    public IPage Page { get; }

    /// <summary>A part of the errors that the test provokes, such as those that Chromium logs for a 401.</summary>
    public string? ExpectedError { get; set; }

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

    /// <summary>Waits for the first snapshot.</summary>
    public Task LiveAsync() => Assertions.Expect(Page.Locator(".connection")).ToHaveTextAsync("Live");

    public async Task LogInAsync(string key)
    {
        await Page.GetByLabel("Operator key").FillAsync(key);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name });

    public Task ClearCookiesAsync() => _context.ClearCookiesAsync();

    public Task AllowClipboardAsync() => _context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        _errors.ShouldBeEmpty();
        _foreignRequests.ShouldBeEmpty();
    }

    private void Note(IConsoleMessage message)
    {
        if (message.Type is not ("error" or "warning")) return;
        if (ExpectedError is null || !message.Text.Contains(ExpectedError, StringComparison.Ordinal))
            _errors.Enqueue(message.Text);
    }
}
