using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.TestSupport;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class LagHealthCheckTests
{
    private readonly SteppedTime _time = new();
    private readonly Backlog _backlog;
    private readonly LagHealthCheck _lag;

    public LagHealthCheckTests()
    {
        _backlog = new Backlog(_time);
        _lag = new LagHealthCheck(_backlog, MemoryPauses.None, Options.Create(new HealthOptions()));
    }

    [Theory]
    [InlineData(null, HealthStatus.Healthy, "no event is pending")]
    [InlineData(300, HealthStatus.Healthy, "the oldest of 7 pending events waits for 5 min")]
    [InlineData(301, HealthStatus.Degraded, "the oldest of 7 pending events waits for 5 min, the budget is 5 min: check")]
    [InlineData(90_000, HealthStatus.Degraded, "waits for 25 h, the budget is 5 min")]
    public async Task Gateway_is_degraded_beyond_the_lag_budget_and_reports_the_age(
        int? oldestSeconds, HealthStatus status, string reason)
    {
        _backlog.Latest = Waiting(oldestSeconds);

        var result = await _lag.CheckHealthAsync(new HealthCheckContext());

        result.Status.ShouldBe(status);
        result.Description.ShouldNotBeNull().ShouldContain(reason);
        _lag.IsExceeded.ShouldBe(status == HealthStatus.Degraded);
    }

    [Fact]
    public async Task Unknown_backlog_at_the_start_is_healthy()
    {
        (await _lag.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Healthy);
        _lag.IsExceeded.ShouldBeNull();
    }

    [Fact]
    public async Task Backlog_unknown_for_longer_than_the_budget_is_degraded()
    {
        _time.Advance(TimeSpan.FromMinutes(5));
        (await _lag.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Healthy, "it has only just started");

        _time.Advance(TimeSpan.FromSeconds(1));
        var never = await _lag.CheckHealthAsync(new HealthCheckContext());
        (never.Status, never.Description).ShouldBe((HealthStatus.Degraded, "not known for 5 min: the backlog was never read"));

        _backlog.Latest = Waiting(7);
        _time.Advance(TimeSpan.FromMinutes(5));
        _backlog.Latest = Waiting(7) with { Fault = "mongodb: away" };
        (await _lag.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Healthy);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await _lag.CheckHealthAsync(new HealthCheckContext())).Description.ShouldBe("not known for 5 min: mongodb: away");

        _backlog.Latest = Waiting(7);
        (await _lag.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Healthy);
    }

    private static BacklogSnapshot Waiting(int? oldestSeconds) => new(
        DateTimeOffset.UnixEpoch, new EventCounts(7, 1, 1, oldestSeconds is { } age ? TimeSpan.FromSeconds(age) : null),
        null, null, null);
}
