using Gateway.TestSupport.Servers;
using Microsoft.Playwright;

namespace Gateway.Host.Tests.Console.Browser;

/// <summary>The installed Chromium, shared by all console tests. Without one they are skipped; nothing is downloaded.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--no-first-run",
    ];

    private IPlaywright? _playwright;
    private Task<IBrowser>? _browser;

    private static string? Program => ServerSource.Program("chromium");

    /// <summary>Started by the first test, because a skip in a fixture is a failure.</summary>
    public Task<IBrowser> BrowserAsync()
        => ServerSource.UseAsync("Chromium", Program is not null, () => _browser ??= StartAsync());

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

/// <summary>Console tests run one after the other: several browsers on two cores would time out.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<Chromium>
{
    public const string Name = "console";
}
