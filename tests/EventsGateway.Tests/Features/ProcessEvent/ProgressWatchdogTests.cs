using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Tests.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

/// <summary>A worker that stands still is told from one that is slow, waits, or has nothing to do.</summary>
public sealed class ProgressWatchdogTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly DispatcherFixture _fixture = new();
    private readonly Backlog _backlog;
    private readonly ProgressWatchdog _watchdog;

    public ProgressWatchdogTests()
    {
        _backlog = new Backlog(_fixture.Time);
        _watchdog = new ProgressWatchdog(
            _fixture.Runner, _fixture.Routing.Circuits, MemoryPauses.None, _backlog, Options.Create(new HealthOptions()));
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Due_work_without_a_completed_attempt_is_reported_until_one_completes()
    {
        Due(Minute + Second);
        _fixture.Time.Advance(Minute);
        _watchdog.Complaint.ShouldBeNull();

        _fixture.Time.Advance(Second);
        _watchdog.Complaint.ShouldNotBeNull()
            .ShouldStartWith("work is due for 61 s, 7 events are pending, and no attempt has ended here for 61 s");

        var attempt = await BeginAsync();
        attempt.End();
        await TestSupport.Until.TrueAsync(() => _fixture.InFlight == 0);
        _watchdog.Complaint.ShouldBeNull();
    }

    [Fact]
    public void Worker_without_work_is_healthy()
    {
        _fixture.Time.Advance(TimeSpan.FromDays(3));
        _watchdog.Complaint.ShouldBeNull("nothing is known yet");
        Due(null);
        _watchdog.Complaint.ShouldBeNull("nothing is due");
        Due(Minute);
        _watchdog.Complaint.ShouldBeNull("it has only just become due");
    }

    [Fact]
    public void Worker_is_healthy_while_the_backlog_is_unknown()
    {
        Due(2 * Minute);
        _backlog.Latest = _backlog.Latest! with { Fault = "mongo: away" };
        _fixture.Time.Advance(2 * Minute);

        _watchdog.Complaint.ShouldBeNull();
    }

    [Fact]
    public async Task Worker_is_healthy_while_its_attempts_wait_for_the_store()
    {
        await _fixture.StartAsync();
        var attempt = await BeginAsync();
        _fixture.Time.Advance(Minute);
        Due(2 * Minute);
        _backlog.Latest = _backlog.Latest! with { Fault = "mongo: away" };
        _fixture.Time.Advance(Second);

        _watchdog.Complaint.ShouldBeNull();
        var worker = await new WorkerHealthCheck(
                _fixture.Dispatcher, _fixture.Runner, _fixture.Routing.Circuits, MemoryPauses.None, _watchdog)
            .CheckHealthAsync(new HealthCheckContext());
        (worker.Status, worker.Description).ShouldBe((HealthStatus.Healthy, "waiting for the store, attempts in flight: 1"));

        Due(2 * Minute);
        _watchdog.Complaint.ShouldBeNull("it has only just come back");
        _fixture.Time.Advance(Minute);
        _watchdog.Complaint.ShouldNotBeNull().ShouldStartWith("attempts in flight: 1, none has ended for 61 s");
        attempt.End();
    }

    [Fact]
    public async Task Attempts_that_do_not_complete_are_reported()
    {
        _fixture.Time.Advance(10 * Minute);
        var attempt = await BeginAsync();
        _fixture.Time.Advance(Minute);
        _watchdog.Complaint.ShouldBeNull();

        _fixture.Time.Advance(Second);

        _watchdog.Complaint.ShouldNotBeNull().ShouldStartWith("attempts in flight: 1, none has ended for 61 s");
        attempt.End();
        await TestSupport.Until.TrueAsync(() => _fixture.InFlight == 0);
        _watchdog.Complaint.ShouldBeNull();
    }

    [Fact]
    public async Task Isolated_events_that_complete_are_progress()
    {
        Due(10 * Minute);
        for (var i = 0; i < 4; i++)
        {
            var attempt = await BeginAsync();
            _fixture.Time.Advance(Minute / 2);
            attempt.End();
            await TestSupport.Until.TrueAsync(() => _fixture.InFlight == 0);
            _watchdog.Complaint.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Open_circuit_is_no_stall_but_a_missing_probe_is()
    {
        Due(10 * Minute);
        _fixture.Time.Advance(2 * Minute);
        _watchdog.Complaint.ShouldNotBeNull();

        await _fixture.Routing.OpenCircuitAsync();
        _watchdog.Complaint.ShouldBeNull("it waits");
        _fixture.Time.Advance((5 * Second) + Minute);
        _watchdog.Complaint.ShouldBeNull("it may probe by now");

        _fixture.Time.Advance(Second);
        _watchdog.Complaint.ShouldNotBeNull();
    }

    [Fact]
    public async Task Merchant_that_waits_as_long_as_it_was_told_is_no_stall()
    {
        await _fixture.Routing.AskAsync(() => ScriptedHttp.Status(429, "3600"));
        Due(10 * Minute);
        _fixture.Time.Advance(2 * Minute);
        _watchdog.Complaint.ShouldBeNull("its events stay due, because claims leave it out");

        _fixture.Time.Advance(60 * Minute);

        _watchdog.Complaint.ShouldNotBeNull();
    }

    private void Due(TimeSpan? since)
        => _backlog.Latest = new BacklogSnapshot(_fixture.Time.GetUtcNow(), new EventCounts(7, 1, 1, since), since, null, null);

    private async Task<BegunAttempt> BeginAsync()
    {
        _ = _fixture.Runner.Begin(StubStore.Claimed("e-1", _fixture.Time.GetUtcNow()));
        return (await _fixture.BegunAsync(1))[0];
    }
}
