using Gateway.Shared.Errors;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Shared.Tests.Health;

public sealed class PortHealthCheckTests
{
    private readonly SteppedTime _time = new();
    private Func<Task> _backend = () => Task.CompletedTask;
    private int _probes;

    [Fact]
    public async Task Backend_is_probed_once_a_second_for_any_number_of_callers()
    {
        var check = Check();

        for (var i = 0; i < 100; i++) (await AskAsync(check)).Status.ShouldBe(HealthStatus.Healthy);
        _probes.ShouldBe(1);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        await AskAsync(check);
        _probes.ShouldBe(1);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await AskAsync(check);
        _probes.ShouldBe(2);
    }

    [Fact]
    public async Task Running_probe_is_shared_by_all_callers()
    {
        var slow = new TaskCompletionSource();
        _backend = () => slow.Task;
        var check = Check();
        var first = AskAsync(check);
        _time.Advance(TimeSpan.FromMinutes(1));
        var second = AskAsync(check);

        slow.SetResult();

        (await first).Status.ShouldBe(HealthStatus.Healthy);
        (await second).Status.ShouldBe(HealthStatus.Healthy);
        _probes.ShouldBe(1);
    }

    [Theory]
    [InlineData(HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded)]
    public async Task Unavailable_backend_is_reported_with_reason_and_impact(HealthStatus failureStatus)
    {
        _backend = () => Task.FromException(new BackendUnavailableException("redis", "no connection"));

        var result = await AskAsync(Check(), failureStatus);

        result.Status.ShouldBe(failureStatus);
        result.Description.ShouldBe("redis: no connection; nothing works");
    }

    private PortHealthCheck Check() => new(
        () =>
        {
            _probes++;
            return _backend();
        },
        () => "works", "nothing works", _time);

    private static Task<HealthCheckResult> AskAsync(PortHealthCheck check, HealthStatus failureStatus = HealthStatus.Unhealthy)
        => check.CheckHealthAsync(
            new HealthCheckContext { Registration = new HealthCheckRegistration("backend", check, failureStatus, null) });
}
