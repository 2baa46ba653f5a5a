using System.Diagnostics;
using Gateway.LoadTest.Counting;
using Gateway.LoadTest.Machine;
using Gateway.LoadTest.Results;

namespace Gateway.LoadTest.Client;

/// <summary>Looks at a run four times a second: adds up what came, and ends requests that wait too long.</summary>
internal sealed class Sampler(Tally[] tallies, Sender[] senders, Action<Sample> watch, ProcessProbe? server) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    // The rest that is left at the end may be a millisecond: no rate to show.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private readonly PeriodicTimer _timer = new(Every);
    private readonly List<Sample> _samples = [];
    private readonly ProcessProbe _self = ProcessProbe.OfSelf();
    private Task _running = Task.CompletedTask;
    private long _lastAt;
    private ProcessReading? _serverBefore;
    private ProcessReading _selfBefore;

    public TallySum Total { get; } = new();

    public IReadOnlyList<Sample> Samples => _samples;

    public long BeganAt { get; private set; }

    public void Start()
    {
        Restart();
        _running = Task.Run(RunAsync);
    }

    /// <summary>The run begins now.</summary>
    public long Restart()
    {
        _serverBefore = server?.TryRead();
        _selfBefore = _self.Read();
        return _lastAt = BeganAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Takes the last sample.</summary>
    public async Task StopAsync()
    {
        _timer.Dispose();
        await _running;
        Take();
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
            foreach (var sender in senders) sender.EndIfTooOld();
            Take();
        }
    }

    private void Take()
    {
        var now = Stopwatch.GetTimestamp();
        var seconds = Math.Max(Stopwatch.GetElapsedTime(_lastAt, now).TotalSeconds, 1e-6);
        var tooShort = _samples.Count > 0 && seconds < Shortest.TotalSeconds;
        _lastAt = now;
        var sum = new TallySum();
        foreach (var tally in tallies) tally.MoveInto(sum);
        Total.Add(sum);
        if (tooShort) return;
        var (serverNow, selfNow) = (server?.TryRead(), _self.Read());
        var sample = new Sample(
            Stopwatch.GetElapsedTime(BeganAt, now).TotalSeconds,
            Total.Counts.Sent,
            Total.Counts.Sent - Total.Counts.Ended,
            sum.PromisedCount / seconds,
            MillisecondsOf(sum, 50),
            MillisecondsOf(sum, 99),
            sum.ByStatus.ToDictionary(one => one.Key, one => one.Value / seconds),
            serverNow?.Rss,
            (serverNow?.Cpu - _serverBefore?.Cpu)?.TotalSeconds / seconds,
            (selfNow.Cpu - _selfBefore.Cpu).TotalSeconds / seconds);
        (_serverBefore, _selfBefore) = (serverNow, selfNow);
        _samples.Add(sample);
        watch(sample);
    }

    private static double? MillisecondsOf(TallySum sum, double percentile)
        => sum.Promised.TotalCount == 0 ? null : sum.Promised.GetValueAtPercentile(percentile) / 1000.0;
}
