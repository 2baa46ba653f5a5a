using System.Diagnostics;

namespace Gateway.LoadTest.Measure;

/// <summary>Takes a sample of the run every 250 ms.</summary>
/// <param name="onTick">Called before each sample.</param>
internal sealed class Sampler(RequestStats[] groups, Action onTick, Action<Sample> onSample, ProcessProbe? server) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // The last interval of a run may be a millisecond long: too short for a rate.
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(100);

    private readonly PeriodicTimer _timer = new(Interval);
    private readonly List<Sample> _samples = [];
    private readonly ProcessProbe _self = ProcessProbe.OfSelf();
    private Task _running = Task.CompletedTask;
    private long _lastAt;
    private ProcessReading? _serverBefore;
    private ProcessReading _selfBefore;

    public RequestTotals Total { get; } = new();

    public IReadOnlyList<Sample> Samples => _samples;

    public long StartedAt { get; private set; }

    public void Start()
    {
        Restart();
        _running = Task.Run(RunAsync);
    }

    /// <summary>Sets the start of the run to now.</summary>
    public long Restart()
    {
        _serverBefore = server?.TryRead();
        _selfBefore = _self.Read();
        return _lastAt = StartedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Stops after a last sample.</summary>
    public async Task StopAsync()
    {
        _timer.Dispose();
        await _running;
        TakeSample();
    }

    public void Dispose()
    {
        _timer.Dispose();
        _self.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            onTick();
            TakeSample();
        }
    }

    private void TakeSample()
    {
        var now = Stopwatch.GetTimestamp();
        var seconds = Math.Max(Stopwatch.GetElapsedTime(_lastAt, now).TotalSeconds, 1e-6);
        var tooShort = _samples.Count > 0 && seconds < MinInterval.TotalSeconds;
        _lastAt = now;
        var totals = new RequestTotals();
        foreach (var group in groups) group.MoveTo(totals);
        Total.Add(totals);
        if (tooShort) return;
        var (serverNow, selfNow) = (server?.TryRead(), _self.Read());
        var sample = new Sample(
            Stopwatch.GetElapsedTime(StartedAt, now).TotalSeconds,
            Total.Counts.Sent,
            Total.Counts.Sent - Total.Counts.Ended,
            totals.AcceptedEvents / seconds,
            MillisecondsOf(totals, 50),
            MillisecondsOf(totals, 99),
            totals.ByStatus.ToDictionary(one => one.Key, one => one.Value / seconds),
            serverNow?.Rss,
            (serverNow?.Cpu - _serverBefore?.Cpu)?.TotalSeconds / seconds,
            (selfNow.Cpu - _selfBefore.Cpu).TotalSeconds / seconds);
        (_serverBefore, _selfBefore) = (serverNow, selfNow);
        _samples.Add(sample);
        onSample(sample);
    }

    private static double? MillisecondsOf(RequestTotals totals, double percentile)
        => totals.Accepted.TotalCount == 0 ? null : totals.Accepted.GetValueAtPercentile(percentile) / 1000.0;
}

/// <summary>One interval of a run. Latencies in milliseconds; null without an accepted request.</summary>
/// <param name="At">Seconds since the start of the run.</param>
/// <param name="Rate">Accepted events per second.</param>
/// <param name="ServerRss">Resident memory in bytes.</param>
/// <param name="ServerCpu">Cores that the server uses.</param>
/// <param name="ClientCpu">Cores that the load tool uses.</param>
internal sealed record Sample(
    double At, long Sent, long InFlight, double Rate, double? P50, double? P99, IReadOnlyDictionary<int, double> RateByStatus,
    long? ServerRss, double? ServerCpu, double ClientCpu);
