using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Monitoring.History;
using Gateway.EventsGateway.Repositories;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Monitoring.History;

public sealed class HistoryRecorderTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);

    private readonly AdjustedClock _time = new();
    private readonly RecordedHistory _process;
    private readonly DateTimeOffset _begin;

    public HistoryRecorderTests()
    {
        _begin = HistoryStep.Long.StartOf(_time.GetUtcNow()) + HistoryStep.Long.Span;
        _time.Advance(_begin - _time.GetUtcNow());
        _process = new RecordedHistory(_time);
    }

    public void Dispose() => _process.Dispose();

    [Fact]
    public void Counts_of_a_source_stand_in_the_point_of_their_time()
    {
        Accept("acme", 3);
        _time.Advance(Tick);
        _process.Recorder.Record();
        Accept("acme", 4);
        _process.Metrics.AddDuplicate("other");
        _process.Metrics.AddRejected(RejectionReason.TooLarge, "acme");
        _process.Metrics.AddConflict("acme");
        _process.Metrics.AddSettled("failed", "retries-exhausted", "acme");
        _process.Metrics.AddSettled("processed", EventOutcome.Late, "acme");
        _time.Advance(Tick);

        var rows = _process.Rows;
        var acme = RecordedHistory.Points(HistoryStep.Short, _begin, 10, 3, rows, "acme");
        var all = RecordedHistory.Points(HistoryStep.Short, _begin, 10, 3, rows);

        Enumerable.Range(0, 3).Select(i => acme.Sum(i, "accepted")).ShouldBe([3, 4, 0]);
        (acme.Sum(1, "duplicates"), all.Sum(1, "duplicates")).ShouldBe((0, 1));
        acme.SumsBy(1, "rejected").ShouldBe(
            new Dictionary<string, long> { ["too_large"] = 1, ["conflict"] = 1 }, ignoreOrder: true);
        acme.SumsBy(1, "outcome").ShouldBe(
            new Dictionary<string, long> { ["retries-exhausted"] = 1, ["late"] = 1 }, ignoreOrder: true);
        (all.IsCovered(1), all.IsCovered(2)).ShouldBe((true, false));
        all.SecondsOf(1, _time.GetUtcNow()).ShouldBe(10);
    }

    [Fact]
    public void Latencies_are_merged_from_their_buckets()
    {
        Measure(0.010, 99);
        _time.Advance(Tick);
        _process.Recorder.Record();
        Measure(1, 101);
        _time.Advance(Tick);

        var points = RecordedHistory.Points(HistoryStep.Long, _begin, 300, 1, _process.Rows);

        var percentiles = points.Percentiles(0, "accept", 0.49, 0.5, 0.99);
        percentiles[0]!.Value.ShouldBeInRange(9.4, 10.6);
        percentiles[1]!.Value.ShouldBeInRange(940, 1060);
        percentiles[2]!.Value.ShouldBeInRange(940, 1060);
    }

    [Fact]
    public void Five_minutes_are_the_sum_of_their_points_across_a_restart()
    {
        for (var i = 0; i < 15; i++) Step(_process);
        var before = _process.Rows;
        using var restarted = new RecordedHistory(_time);
        for (var i = 0; i < 15; i++) Step(restarted);

        List<HistoryRow> rows = [.. before, .. restarted.Rows];
        var longer = RecordedHistory.Points(HistoryStep.Long, _begin, 300, 1, rows);
        var shorter = RecordedHistory.Points(HistoryStep.Short, _begin, 300, 1, rows);

        (longer.Sum(0, "accepted"), shorter.Sum(0, "accepted")).ShouldBe((60, 60));
        longer.SecondsOf(0, _time.GetUtcNow()).ShouldBe(300);

        void Step(RecordedHistory process)
        {
            process.Metrics.AddAccepted("acme");
            process.Metrics.AddAccepted("other");
            _time.Advance(Tick);
            process.Recorder.Record();
        }
    }

    [Fact]
    public void Counts_and_attempts_in_flight_of_two_processes_are_added_and_their_backlog_is_not()
    {
        using var other = new RecordedHistory(_time);
        foreach (var process in new[] { _process, other })
        {
            process.Metrics.Meter.CreateObservableGauge(GatewayMetrics.InFlight, () => 7);
            process.Backlog.Latest = new BacklogSnapshot(_begin, new EventCounts(5, 0, 0, null), null, 2, null);
        }

        Accept("acme", 3);
        other.Metrics.AddAccepted("acme");
        _time.Advance(Tick);

        var points = RecordedHistory.Points(HistoryStep.Short, _begin, 10, 1, [.. _process.Rows, .. other.Rows]);

        points.Sum(0, "accepted").ShouldBe(4);
        (points.Level(0, "inFlight"), points.Level(0, "pending"), points.Level(0, "queued")).ShouldBe((14, 5, 2));
        points.SecondsOf(0, _time.GetUtcNow()).ShouldBe(10);
    }

    [Fact]
    public void Clock_that_is_set_back_keeps_the_points_of_before()
    {
        for (var i = 0; i < 40; i++) Count();
        _time.Set(_begin);
        for (var i = 0; i < 40; i++) Count();

        var points = RecordedHistory.Points(HistoryStep.Short, _begin, 10, 40, _process.Rows);

        Enumerable.Range(0, 40).Sum(i => points.Sum(i, "accepted")).ShouldBe(80);
    }

    [Fact]
    public void Clock_that_is_set_ahead_continues_there()
    {
        Count();
        _time.Set(_begin.AddDays(1));
        Count();

        var rows = _process.Rows;

        Sum(_begin).ShouldBe(1);
        Sum(_begin.AddDays(1)).ShouldBe(1);

        long Sum(DateTimeOffset from)
        {
            var points = RecordedHistory.Points(HistoryStep.Short, from.AddMinutes(-1), 120, 1, rows);
            return points.Sum(0, "accepted");
        }
    }

    [Fact]
    public void Number_of_sources_and_of_chunks_is_bounded()
    {
        for (var i = 0; i < 2 * HistoryChunk.MaxSources; i++) _process.Metrics.AddAccepted($"source {i}");
        _time.Advance(Tick);
        var points = RecordedHistory.Points(HistoryStep.Short, _begin, 10, 1, _process.Rows);
        var sources = points.Of(0, "accepted").ToDictionary(one => one.Key.Source, one => one.Value);

        sources.Count.ShouldBe(HistoryChunk.MaxSources + 1);
        sources[HistoryChunk.OtherSources].ShouldBe(HistoryChunk.MaxSources);
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(HistoryStep.Short.Span);
            _process.Recorder.Record();
        }

        _process.Rows.CountBy(row => row.Key.Step).ShouldAllBe(step => step.Value <= HistoryRecorder.MaxChunks);
    }

    [Fact]
    public void Row_that_cannot_be_read_leaves_the_others()
    {
        Count();
        var row = _process.Rows.First(row => row.Key.Step == HistoryStep.Short.Seconds);
        byte[][] unreadable = [[], [1, 2, 3], [.. row.Data.Reverse()]];

        var points = RecordedHistory.Points(
            HistoryStep.Short, _begin, 10, 1, [.. unreadable.Select(data => row with { Data = data }), row]);

        points.Sum(0, "accepted").ShouldBe(1);
    }

    [Fact]
    public void Only_chunks_that_changed_since_a_recording_are_written()
    {
        Count();
        var (_, recording) = _process.Recorder.Record();
        _time.Advance(HistoryStep.Short.Span);

        _process.Recorder.Record(recording).Rows.Select(row => row.Key.Start)
            .ShouldAllBe(start => start == _begin || start == _begin + HistoryStep.Short.Span);
        _process.Rows.Count(row => row.Key.Step == HistoryStep.Short.Seconds).ShouldBeGreaterThan(1);
    }

    private void Accept(string source, int events)
    {
        for (var i = 0; i < events; i++) _process.Metrics.AddAccepted(source);
    }

    private void Measure(double seconds, int events)
    {
        for (var i = 0; i < events; i++) _process.Metrics.RecordAccept("accepted", TimeSpan.FromSeconds(seconds));
    }

    private void Count()
    {
        _process.Metrics.AddAccepted("acme");
        _time.Advance(Tick);
        _process.Recorder.Record();
    }

    /// <summary>A clock that can be set; the monotonic one continues.</summary>
    private sealed class AdjustedClock : FakeTimeProvider
    {
        private TimeSpan _offset;

        public void Set(DateTimeOffset now) => _offset += now - GetUtcNow();

        public override long GetTimestamp() => base.GetUtcNow().Ticks;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;
    }
}
