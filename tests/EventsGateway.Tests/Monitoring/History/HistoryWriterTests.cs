using Gateway.EventsGateway.Monitoring.History;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Monitoring.History;

public sealed class HistoryWriterTests : IHistoryRepository, ILogger<HistoryWriter>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly SteppedTime _time = new();
    private readonly RecordedHistory _process;
    private readonly HistoryWriter _writer;
    private readonly Dictionary<HistoryKey, HistoryRow> _rows = [];
    private readonly List<string> _lines = [];
    private TaskCompletionSource _saved = NewSignal();
    private bool _isDown;
    private int _removals;
    private int _most;

    public HistoryWriterTests()
    {
        _time.Advance(HistoryStep.Short.StartOf(_time.GetUtcNow()) + HistoryStep.Short.Span - _time.GetUtcNow());
        _process = new RecordedHistory(_time);
        _writer = new HistoryWriter(_process.Recorder, new OtherProcesses(), _time, this, this);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _process.Dispose();
    }

    [Fact]
    public async Task Outage_is_logged_once_and_its_points_are_stored_afterwards()
    {
        await _writer.StartedAsync(CancellationToken.None);
        _isDown = true;
        for (var i = 0; i < 5; i++) await TickAsync();
        _isDown = false;
        await TickAsync();

        _lines.ShouldHaveSingleItem().ShouldStartWith("Points of the history were not stored");
        Sum().ShouldBe(6);
        await _writer.StoppingAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Last_points_are_stored_at_the_stop()
    {
        _process.Metrics.AddAccepted("acme");
        _time.Advance(TimeSpan.FromSeconds(3));

        await _writer.StoppedAsync(CancellationToken.None);

        Sum().ShouldBe(1);
    }

    [Fact]
    public async Task Tick_writes_the_chunks_that_changed_and_a_chunk_later_old_rows_are_removed()
    {
        await _writer.StartedAsync(CancellationToken.None);
        for (var i = 0; i < 40; i++) await TickAsync();
        await _writer.StoppingAsync(CancellationToken.None);

        _removals.ShouldBe(2 * HistoryStep.All.Count);
        _rows.Keys.Count(key => key.Step == HistoryStep.Short.Seconds).ShouldBe(2);
        // One of each step, and at the end of a chunk the one that ends.
        _most.ShouldBeLessThanOrEqualTo(3);
        Sum().ShouldBe(40);
    }

    Task IHistoryRepository.SaveAsync(IReadOnlyList<HistoryRow> rows)
    {
        foreach (var row in rows.Where(_ => !_isDown)) _rows[row.Key] = row;
        _most = Math.Max(_most, rows.Count);
        _saved.SetResult();
        return _isDown ? Task.FromException(new BackendUnavailableException("test", "down")) : Task.CompletedTask;
    }

    Task<IReadOnlyList<HistorySize>> IHistoryRepository.ListSizesAsync(int step)
        => Task.FromResult<IReadOnlyList<HistorySize>>([]);

    Task IHistoryRepository.RemoveOutsideAsync(int step, DateTimeOffset first, DateTimeOffset last)
    {
        _removals++;
        return Task.CompletedTask;
    }

    Task<IReadOnlyList<HistoryRow>> IHistoryRepository.ListAsync(
        int step, DateTimeOffset from, DateTimeOffset before, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _lines.Add(formatter(state, exception));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task TickAsync()
    {
        await _time.TimerRunsAsync(Interval);
        _process.Metrics.AddAccepted("acme");
        var saved = _saved;
        _time.Advance(Interval);
        await saved.Task.WaitAsync(SteppedTime.Timeout);
        _saved = NewSignal();
    }

    private long Sum()
    {
        var points = RecordedHistory.Points(
            HistoryStep.Short, HistoryStep.Long.StartOf(_time.GetUtcNow()), 7200, 1, _rows.Values);
        return points.Sum(0, "accepted");
    }
}
