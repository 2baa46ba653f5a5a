using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Shared.Tests.Health;

/// <summary>The monitor runs the checks every five seconds and logs each change.</summary>
public sealed class ReadinessMonitorTests : IAsyncDisposable
{
    private readonly SteppedTime _time = new();
    private readonly List<string> _lines = [];
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly Readiness _readiness;
    private readonly ReadinessMonitor _monitor;
    private readonly ServiceProvider _services;
    private HealthCheckResult _result = HealthCheckResult.Healthy();

    public ReadinessMonitorTests()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddCheck("store", () => _result);
        _services = services.BuildServiceProvider();
        _readiness = new Readiness(_services.GetRequiredService<HealthCheckService>(), _lifetime);
        _monitor = new ReadinessMonitor(_readiness, _time, new Listener(_lines));
    }

    [Fact]
    public async Task Each_change_is_known_within_five_seconds_and_logged_once()
    {
        _lifetime.NotifyStarted();
        await _monitor.StartedAsync(CancellationToken.None);
        await NextAsync();
        _readiness.Latest!.Status.ShouldBe(HealthStatus.Healthy);

        _result = HealthCheckResult.Unhealthy("gone");
        await NextAsync();
        await NextAsync();
        _readiness.Latest.Status.ShouldBe(HealthStatus.Unhealthy);
        _result = HealthCheckResult.Degraded("late");
        await NextAsync();
        _result = HealthCheckResult.Healthy();
        await NextAsync();
        await _time.TimerRunsAsync(ReadinessMonitor.Interval);

        _lines.ShouldBe(
            [
                "Readiness changed to not ready: store: gone", "Readiness changed to degraded: store: late",
                "Readiness changed to ready",
            ]);
    }

    [Fact]
    public async Task Process_that_is_not_ready_from_its_start_is_logged_after_five_seconds()
    {
        _result = HealthCheckResult.Unhealthy("no connection");
        _lifetime.NotifyStarted();
        await _monitor.StartedAsync(CancellationToken.None);

        await NextAsync();
        await NextAsync();
        await _time.TimerRunsAsync(ReadinessMonitor.Interval);

        _lines.ShouldBe(["Readiness changed to not ready: store: no connection"]);
    }

    [Theory]
    [InlineData(HealthStatus.Healthy, "ready", true)]
    [InlineData(HealthStatus.Degraded, "degraded", true)]
    [InlineData(HealthStatus.Unhealthy, "not ready", false)]
    public async Task Status_text_follows_checks_and_lifetime(HealthStatus status, string word, bool isReady)
    {
        _result = new HealthCheckResult(status);
        var report = await _readiness.CheckAsync();
        (_readiness.StatusOf(report), _readiness.IsReady(report)).ShouldBe(("starting", false));

        _lifetime.NotifyStarted();
        (_readiness.StatusOf(report), _readiness.IsReady(report)).ShouldBe((word, isReady));

        _lifetime.StopApplication();
        (_readiness.StatusOf(report), _readiness.IsReady(report)).ShouldBe(("stopping", false));
    }

    public async ValueTask DisposeAsync()
    {
        await _monitor.StoppingAsync(CancellationToken.None);
        _monitor.Dispose();
        await _services.DisposeAsync();
    }

    private async Task NextAsync()
    {
        await _time.TimerRunsAsync(ReadinessMonitor.Interval);
        _time.Advance(ReadinessMonitor.Interval);
        await Until.TrueAsync(() => _readiness.Latest!.Status == _result.Status);
    }

    private sealed class Listener(List<string> lines) : ILogger<ReadinessMonitor>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => lines.Add(formatter(state, exception));
    }
}
