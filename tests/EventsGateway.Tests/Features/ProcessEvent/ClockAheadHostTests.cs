using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

public sealed class ClockAheadHostTests
{
    [Fact]
    public async Task Events_accepted_by_a_process_whose_clock_was_ahead_are_processed_after_its_restart()
    {
        var ahead = new AheadTime { By = TimeSpan.FromHours(6) };
        var webhooks = new Webhooks();
        var first = GatewayHost.Start(
            services => services.AddSingleton<TimeProvider>(ahead), ("Routing:Url", "http://127.0.0.1:9/"));
        foreach (var webhook in webhooks.Take(5)) await first.Client.AcceptedAsync(webhook);
        await first.StopAsync();

        ahead.By = TimeSpan.Zero;
        await using var routing = await FakeRoutingService.StartAsync();
        await using var next = first.StartAgain(("Routing:Url", routing.Url));

        var counts = await next.Client.SettledAsync();
        counts.GetProperty("processed").GetInt32().ShouldBe(5);
    }

    private sealed class AheadTime : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
    }
}
