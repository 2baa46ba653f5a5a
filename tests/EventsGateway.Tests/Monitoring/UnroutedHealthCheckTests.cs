using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Monitoring;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class UnroutedHealthCheckTests : IDisposable
{
    private readonly SteppedTime _time = new();
    private readonly ServiceProvider _container = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly GatewayMetrics _metrics;
    private readonly LiveMetrics _live;
    private readonly UnroutedHealthCheck _check;

    public UnroutedHealthCheckTests()
    {
        _metrics = new GatewayMetrics(_container.GetRequiredService<IMeterFactory>());
        _live = new LiveMetrics(_metrics);
        _check = new UnroutedHealthCheck(_live, Options.Create(new HealthOptions()), _time);
    }

    public void Dispose()
    {
        _live.Dispose();
        _container.Dispose();
    }

    [Theory]
    [InlineData(39, 10, HealthStatus.Healthy)] // fewer than 50 events prove nothing
    [InlineData(40, 10, HealthStatus.Healthy)] // exactly 20 %
    [InlineData(39, 11, HealthStatus.Degraded)]
    public async Task More_than_the_share_of_at_least_50_events_degrades(int routed, int unrouted, HealthStatus status)
    {
        Settle("processed", "routed", routed);
        Settle("processed", "late", unrouted - 3);
        Settle("failed", "shipment-ended", 3);

        var result = await StateAsync();

        result.Status.ShouldBe(status);
        result.Description.ShouldNotBeNull().ShouldContain($"{unrouted} of {routed + unrouted} events");
    }

    [Fact]
    public async Task Events_older_than_an_hour_do_not_count()
    {
        Settle("processed", "late", 60);
        (await StateAsync()).Status.ShouldBe(HealthStatus.Degraded);

        for (var minute = 0; minute < 62; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await StateAsync();
        }

        var result = await StateAsync();
        result.Status.ShouldBe(HealthStatus.Healthy);
        result.Description.ShouldNotBeNull().ShouldStartWith("0 of 0 events");
    }

    private Task<HealthCheckResult> StateAsync() => _check.CheckHealthAsync(new HealthCheckContext());

    private void Settle(string status, string outcome, int count)
    {
        for (var i = 0; i < count; i++) _metrics.AddSettled(status, outcome, i % 2 == 0 ? "gateway" : "easypost");
    }
}
