using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class BacklogMonitorTests : IEventQueries, IQueuedEvents, ILogger<BacklogMonitor>, IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan? OldestDue = 2 * Minute;

    private readonly SteppedTime _time = new();
    private readonly Backlog _backlog;
    private readonly BacklogMonitor _reader;
    private readonly List<string> _told = [];
    private EventCounts _counts = new(3, 2, 1, Minute);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _pendingTakes;
    private TimeSpan _countTakes;
    private int _counted;
    private bool _hangs;
    private Exception? _storeFault;
    private Exception? _countFault;
    private Exception? _brokerFault;

    public BacklogMonitorTests()
    {
        _backlog = new Backlog(_time);
        _reader = new BacklogMonitor(_backlog, this, [this], MemoryPauses.None, _time, this);
    }

    [Fact]
    public async Task Backlog_is_read_soon_after_the_start()
    {
        await _reader.StartedAsync(CancellationToken.None);

        (await LatestAsync(_ => true)).ShouldBe(new BacklogSnapshot(_time.GetUtcNow(), _counts, OldestDue, 7, null));
    }

    [Fact]
    public async Task Backlog_is_read_again_after_two_seconds()
    {
        await _reader.StartedAsync(CancellationToken.None);
        await _time.TimerRunsAsync(BacklogMonitor.Interval);

        _counts = new(9, 9, 9, null);
        _time.Advance(BacklogMonitor.Interval);

        (await LatestAsync(latest => latest.Counts == _counts)).At.ShouldBe(_time.GetUtcNow());
    }

    [Fact]
    public async Task Slow_query_runs_for_a_twentieth_of_the_time()
    {
        _pendingTakes = TimeSpan.FromSeconds(3);

        await _reader.StartedAsync(CancellationToken.None);

        await _time.TimerRunsAsync(Minute);
    }

    [Fact]
    public async Task Slow_totals_are_read_less_often_than_pending_events()
    {
        _countTakes = TimeSpan.FromSeconds(3);
        await _reader.StartedAsync(CancellationToken.None);
        await _time.TimerRunsAsync(BacklogMonitor.Interval);
        _counts = new(9, 9, 9, 2 * Minute);

        _time.Advance(BacklogMonitor.Interval);

        (await LatestAsync(latest => latest.Counts.Pending == 9)).Counts.ShouldBe(new EventCounts(9, 2, 1, 2 * Minute));
        _counted.ShouldBe(1);
        await _time.TimerRunsAsync(BacklogMonitor.Interval);
        _time.Advance(Minute);
        await LatestAsync(latest => latest.Counts == _counts);
    }

    [Fact]
    public async Task Failed_totals_keep_their_last_value_and_log_one_line()
    {
        await _reader.StartedAsync(CancellationToken.None);
        await _time.TimerRunsAsync(BacklogMonitor.Interval);
        (_counts, _countFault) = (new(9, 9, 9, 2 * Minute), new BackendUnavailableException("test", "no answer within 6 s"));

        for (var i = 0; i < 3; i++)
        {
            _time.Advance(BacklogMonitor.Interval);
            await _time.TimerRunsAsync(BacklogMonitor.Interval);
        }

        (await LatestAsync(latest => latest.Counts.Pending == 9)).ShouldBe(
            new BacklogSnapshot(_time.GetUtcNow(), new EventCounts(9, 2, 1, 2 * Minute), OldestDue, 7, null));
        _told.ShouldBe(["The backlog could not be read: test: no answer within 6 s"]);
    }

    [Fact]
    public async Task Unavailable_store_keeps_the_last_counts_while_the_queue_is_counted()
    {
        await _reader.StartedAsync(CancellationToken.None);
        var before = await LatestAsync(_ => true);
        _storeFault = new BackendUnavailableException("test", "no store");

        for (var i = 0; i < 3; i++)
        {
            await _time.TimerRunsAsync(BacklogMonitor.Interval);
            _time.Advance(BacklogMonitor.Interval);
        }

        (await LatestAsync(latest => latest.Fault is not null)).ShouldBe(before with { Fault = "test: no store" });
        _told.ShouldBe(["The backlog could not be read: test: no store"]);
        _storeFault = null;
        await _time.TimerRunsAsync(BacklogMonitor.Interval);
        _time.Advance(BacklogMonitor.Interval);
        await LatestAsync(latest => latest.Fault is null);
    }

    [Fact]
    public async Task Unavailable_broker_leaves_the_queue_count_unknown()
    {
        _brokerFault = new BackendUnavailableException("test", "no broker");

        await _reader.StartedAsync(CancellationToken.None);

        var latest = await LatestAsync(_ => true);
        latest.Queued.ShouldBeNull();
        latest.Fault.ShouldBeNull();
        _told.ShouldBeEmpty();
    }

    [Fact]
    public async Task Hanging_store_does_not_delay_a_stop()
    {
        _hangs = true;
        await _reader.StartedAsync(CancellationToken.None);
        await _asked.Task.WaitAsync(Until.Timeout);

        await _reader.StoppingAsync(CancellationToken.None).WaitAsync(Until.Timeout);
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.StoppingAsync(CancellationToken.None);
        _reader.Dispose();
    }

    async Task<EventCounts> IEventQueries.CountAsync(CancellationToken cancellationToken)
    {
        _asked.TrySetResult();
        // A backend that hangs ignores the cancellation token.
        if (_hangs) await new TaskCompletionSource().Task;
        _counted++;
        _time.Advance(_countTakes);
        return _countFault is null ? _counts : throw _countFault;
    }

    Task<PendingEvents> IEventQueries.PendingAsync(CancellationToken cancellationToken)
    {
        _time.Advance(_pendingTakes);
        return _storeFault is null
            ? Task.FromResult(new PendingEvents(_counts.Pending, _counts.OldestPending, OldestDue))
            : Task.FromException<PendingEvents>(_storeFault);
    }

    Task<long> IQueuedEvents.CountAsync() => _brokerFault is null ? Task.FromResult(7L) : Task.FromException<long>(_brokerFault);

    Task<IReadOnlyList<EventEntity>> IEventQueries.ListAsync(
        EventFilter filter, EventCursor? after, int limit, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    Task<int> IEventQueries.CountAsync(EventFilter filter, int atMost, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    Task<IReadOnlyList<EventShare>> IEventQueries.ShareAsync(
        EventFilter filter, int newest, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    Task<DateTimeOffset?> IEventQueries.ReceivedAtAsync(DateTimeOffset? before, int newer, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    Task<IReadOnlyList<OpenContainers>> IEventQueries.CountContainersAsync(CancellationToken cancellationToken)
        => throw new NotSupportedException();

    Task<FailureGroups> IEventQueries.GroupFailuresAsync(int limit, string? source, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    Task<EventEntity?> IEventQueries.FindAsync(EventKey key, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    Task<Tombstone?> IEventQueries.FindTombstoneAsync(EventKey key, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    Task IQueuedEvents.ConsumeAsync(Func<IReadOnlyList<AcceptedEvent>, Task> store, CancellationToken stop, Action? onStarted)
        => throw new NotSupportedException();

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _told.Add(formatter(state, exception));

    private async Task<BacklogSnapshot> LatestAsync(Func<BacklogSnapshot, bool> isIt)
        => (await Until.TrueAsync(() => Task.FromResult(_backlog.Latest), latest => latest is not null && isIt(latest)))!;
}
