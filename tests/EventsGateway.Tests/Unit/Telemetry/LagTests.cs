using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Waiting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Unit.Telemetry;

public sealed class LagTests
{
    private readonly Backlog _backlog = new();

    [Theory]
    [InlineData(null, HealthStatus.Healthy, "nothing waits")]
    [InlineData(300, HealthStatus.Healthy, "the oldest of 7 pending events waits for 5 min")]
    [InlineData(301, HealthStatus.Degraded, "the oldest of 7 pending events waits for 5 min, the budget is 5 min: see")]
    [InlineData(90_000, HealthStatus.Degraded, "waits for 25 h, the budget is 5 min")]
    public async Task Beyond_the_budget_the_gateway_is_degraded_and_says_by_how_much(int? oldestSeconds, HealthStatus status, string reason)
    {
        _backlog.Latest = Waiting(oldestSeconds);
        var lag = new Lag(_backlog, Options.Create(new HealthOptions()));

        var result = await lag.CheckHealthAsync(new HealthCheckContext());

        result.Status.ShouldBe(status);
        result.Description.ShouldNotBeNull().ShouldContain(reason);
        lag.IsExceeded.ShouldBe(status == HealthStatus.Degraded);
    }

    [Fact]
    public async Task What_is_not_known_yet_is_no_lag()
    {
        var lag = new Lag(_backlog, Options.Create(new HealthOptions()));

        (await lag.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Healthy);
        lag.IsExceeded.ShouldBeNull();
    }

    private static BacklogSnapshot Waiting(int? oldestSeconds) => new(
        DateTimeOffset.UnixEpoch, new EventCounts(7, 1, 1, oldestSeconds is { } age ? TimeSpan.FromSeconds(age) : null), null, null, null);
}
