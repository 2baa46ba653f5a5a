using Gateway.TestSupport.Servers;
using Microsoft.Playwright;

namespace Gateway.Host.Tests.Console.Browser;

/// <summary>The browser of this machine, one for all tests of the console. Nothing is downloaded: where there is none they say so.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    private IPlaywright? _playwright;
    private Task<IBrowser>? _browser;

    private static string? Program => ServerSource.Program("chromium");

    /// <summary>The first test that needs it starts it, so that it can be skipped.</summary>
    public Task<IBrowser> BrowserAsync() => ServerSource.UseAsync("Chromium", Program is not null, () => _browser ??= StartAsync());

    public async ValueTask DisposeAsync()
    {
        if (_browser is { IsCompletedSuccessfully: true }) await (await _browser).DisposeAsync();
        _playwright?.Dispose();
    }

    private async Task<IBrowser> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout((float)Gateway.TestSupport.Until.Timeout.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = Quiet });
    }
}

/// <summary>One test after the other: a page that shares two cores with three others is slow for no reason of its own.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<Chromium>
{
    public const string Name = "console";
}
