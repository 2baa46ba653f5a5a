using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class TrafficSummaryTests : IAsyncDisposable
{
    private readonly SteppedTime _time = new();
    private readonly Lines _lines = new();
    private readonly ServiceProvider _container = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly GatewayMetrics _metrics;
    private readonly LiveMetrics _live;
    private readonly Backlog _backlog;
    private readonly TrafficSummary _summary;

    public TrafficSummaryTests()
    {
        _metrics = new GatewayMetrics(_container.GetRequiredService<IMeterFactory>());
        _live = new LiveMetrics(_metrics);
        _backlog = new Backlog(_time);
        _summary = new TrafficSummary(_live, _backlog, _time, _lines);
    }

    [Fact]
    public async Task Each_minute_with_traffic_is_logged_with_its_own_counts()
    {
        await StartAsync();
        _metrics.AddAccepted("gateway");
        _metrics.AddAccepted("gateway");
        _metrics.AddDuplicate("gateway");
        _metrics.AddRejected(RejectionReason.InvalidSignature, "gateway");
        _metrics.AddRejected(RejectionReason.Unavailable, "gateway");
        _metrics.AddRejected(RejectionReason.Unavailable, "gateway");
        _metrics.AddSettled("processed", "routed", "gateway");
        await MinuteAsync();
        _metrics.AddSettled("failed", "poison", "easypost");
        _backlog.Latest = Pending(0);
        await MinuteAsync();

        _lines.All.ShouldBe(
        [
            "Last minute: 2 accepted, 1 duplicates, 3 rejected (2 unavailable, 1 invalid_signature), 1 processed, 0 failed; "
            + "unknown pending",
            "Last minute: 0 accepted, 0 duplicates, 0 rejected, 0 processed, 1 failed; 0 pending",
        ]);
    }

    [Fact]
    public async Task Minute_without_traffic_is_logged_only_while_events_are_pending()
    {
        await StartAsync();
        await MinuteAsync();
        _backlog.Latest = Pending(7);
        await MinuteAsync();
        _backlog.Latest = Pending(0);
        await MinuteAsync();

        _lines.All.ShouldBe(["Last minute: 0 accepted, 0 duplicates, 0 rejected, 0 processed, 0 failed; 7 pending"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _summary.StoppingAsync(CancellationToken.None);
        _summary.Dispose();
        _live.Dispose();
        await _container.DisposeAsync();
    }

    private async Task StartAsync()
    {
        await _summary.StartedAsync(CancellationToken.None);
        await _time.TimerRunsAsync(TrafficSummary.Interval);
    }

    private async Task MinuteAsync()
    {
        _time.Advance(TrafficSummary.Interval);
        // The wait for the next minute begins after the line was written.
        await _time.TimerRunsAsync(TrafficSummary.Interval);
    }

    private BacklogSnapshot Pending(long count)
        => new(_time.GetUtcNow(), new EventCounts(count, 0, 0, null), OldestDue: null, Queued: null, Fault: null);

    private sealed class Lines : ILogger<TrafficSummary>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => All.Add(formatter(state, exception));
    }
}
