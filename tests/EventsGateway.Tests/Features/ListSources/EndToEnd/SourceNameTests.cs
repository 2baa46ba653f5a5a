using System.Collections.Concurrent;
using Gateway.EventsGateway.Features.ListSources;
using Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Features.ListSources.EndToEnd;

/// <summary>A new source whose name a sender of the built-in source has used.</summary>
public sealed class SourceNameTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Lines _lines = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("courier")]
    [InlineData("COURIER")]
    [InlineData("Courier")]
    public async Task Events_of_its_name_are_a_warning_while_the_source_is_new(string company)
    {
        await using var before = GatewayHost.Start(services => services.AddSingleton<ILogger<SourceNameMonitor>>(_lines));
        await before.Client.AcceptedAsync(new Webhooks().Next() with { ShippingCompanyId = company });
        await before.Client.SettledAsync();
        await before.StopAsync();
        SourceSender.Write(_folder, SourceSender.Settings);

        await using var host = before.StartAgain(("SourcesFile", SourceSender.PathIn(_folder)));

        var line = await Until.TrueAsync(() => Task.FromResult(_lines.All.FirstOrDefault()), line => line is not null);
        line.ShouldBe(
            $"Source courier is new, and the built-in source has events of company {company}: their sender is answered 400 now; "
            + "let it post to /v1/sources/courier, or give the source another name");
    }

    [Fact]
    public async Task Source_that_has_sent_events_itself_is_not_new()
    {
        await using var before = SourceSender.Start(
            _folder, SourceSender.Settings, services => services.AddSingleton<ILogger<SourceNameMonitor>>(_lines));
        using var sent = await before.PostAsync(
            "/v1/sources/courier", """{ "items": [ { "id": "1", "shipment": "s", "state": "done" } ] }""");
        await before.Client.StatusAsync("courier.1", "processed");
        await before.Client.AcceptedAsync(new Webhooks().Next() with { ShippingCompanyId = "new" });
        await before.Client.SettledAsync();
        await before.StopAsync();
        SourceSender.Write(_folder, SourceSender.Settings.Trim()[..^1] + """
            , "new": { "Preset": "token", "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "another-token-of-16" }],
                       "Verify": { "Signature": "{header.X-Token}" }, "Map": { "Shipment": "$.shipment", "Type": "$.state" } } }
            """);

        await using var host = before.StartAgain();

        // Asked in the order of the file: when the second name is told, the first one was asked.
        (await Until.TrueAsync(() => Task.FromResult(_lines.All.FirstOrDefault()), line => line is not null))
            .ShouldStartWith("Source new is new");
    }

    private sealed class Lines : ILogger<SourceNameMonitor>
    {
        public ConcurrentQueue<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => All.Enqueue(formatter(state, exception));
    }
}
