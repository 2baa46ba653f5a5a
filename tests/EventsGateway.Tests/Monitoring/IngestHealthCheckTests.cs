using Gateway.EventsGateway.Monitoring;
using Gateway.TestSupport;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class IngestHealthCheckTests
{
    private const string DiskFull = "sqlite: database or disk is full";

    private readonly SteppedTime _time = new();
    private readonly IngestHealthCheck _ingest;

    public IngestHealthCheckTests() => _ingest = new IngestHealthCheck(_time);

    [Fact]
    public void Ingest_that_answered_503_to_everything_for_10_s_is_unhealthy()
    {
        _ingest.Succeeded();
        FailFor(9);
        Status.ShouldBe(HealthStatus.Degraded);

        FailFor(1);

        Status.ShouldBe(HealthStatus.Unhealthy);
        Detail.ShouldBe($"every request was answered 503 for 10 s, 12 in all: {DiskFull}");
    }

    [Fact]
    public void Ingest_that_accepts_some_requests_is_degraded_for_a_minute_after_the_last_failure()
    {
        for (var second = 0; second < 30; second++)
        {
            FailFor(1);
            _ingest.Succeeded();
        }

        Detail.ShouldBe($"a request was answered 503 0 s ago: {DiskFull}");
        Status.ShouldBe(HealthStatus.Degraded);
        Pass(59);
        Status.ShouldBe(HealthStatus.Degraded);
        Pass(1);
        Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public void One_success_ends_an_outage()
    {
        FailFor(60);
        Status.ShouldBe(HealthStatus.Unhealthy);

        _ingest.Succeeded();

        Status.ShouldBe(HealthStatus.Degraded);
    }

    [Fact]
    public void Ingest_without_requests_is_tried_again_after_10_s_and_the_next_failure_confirms_the_outage()
    {
        FailFor(60);

        Pass(9);
        Status.ShouldBe(HealthStatus.Unhealthy);
        Pass(1);
        Status.ShouldBe(HealthStatus.Degraded);
        _ingest.Failed(DiskFull);
        Status.ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public void Two_failures_that_are_hours_apart_are_no_outage()
    {
        _ingest.Failed(DiskFull);
        Pass(3600);
        _ingest.Failed(DiskFull);

        Status.ShouldBe(HealthStatus.Degraded);
    }

    private HealthStatus Status => Result.Status;

    private string Detail => Result.Description!;

    private HealthCheckResult Result => _ingest.CheckHealthAsync(new HealthCheckContext()).Result;

    private void FailFor(int seconds)
    {
        _ingest.Failed(DiskFull);
        for (var second = 0; second < seconds; second++)
        {
            Pass(1);
            _ingest.Failed(DiskFull);
        }
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
