using System.Diagnostics;
using HdrHistogram;

namespace Gateway.LoadTest.Pacing;

/// <summary>
/// Request n is due at n / rate, whatever the answers do. When no connection is free then, the next one that becomes
/// free takes it, and its latency has been counting since it was due: no coordinated omission.
/// </summary>
internal sealed class OpenPace(double rate, TimeSpan? duration) : IPace
{
    private const long LongestMicroseconds = 600_000_000;

    private readonly Lock _gate = new();
    private readonly Queue<Waiter> _free = new();
    private readonly LongHistogram _lateness = new(LongestMicroseconds, 3);
    private long _beganAt;
    private long _next;
    private bool _ended;

    /// <summary>
    /// In microseconds, how much later than due requests left though a connection was free: the client's own fault.
    /// </summary>
    public LongHistogram Lateness { get { lock (_gate) return (LongHistogram)_lateness.Copy(); } }

    public ValueTask<Turn> NextAsync(Waiter waiter)
    {
        lock (_gate)
        {
            if (_ended || IsOver) return ValueTask.FromResult(Turn.None);
            if (_beganAt != 0 && NextDue <= Stopwatch.GetTimestamp()) return ValueTask.FromResult(Take());
            _free.Enqueue(waiter);
            return waiter.WaitAsync();
        }
    }

    public void Begin()
    {
        lock (_gate) _beganAt = Stopwatch.GetTimestamp();
        new Thread(GiveTurns) { IsBackground = true, Name = "pacer" }.Start();
    }

    public void End()
    {
        lock (_gate) _ended = true;
        while (TryFree(out var waiter)) waiter.Give(Turn.None);
    }

    private long NextDue => DueOf(_beganAt, _next, rate);

    private bool IsOver => duration is { } time && _beganAt != 0 && NextDue - _beganAt >= time.TotalSeconds * Stopwatch.Frequency;

    /// <summary>From the beginning each time: added-up intervals would drift.</summary>
    internal static long DueOf(long beganAt, long number, double rate) => beganAt + (long)(number / rate * Stopwatch.Frequency);

    private void GiveTurns()
    {
        while (true)
        {
            Waiter? waiter = null;
            Turn turn = default;
            long wait = 0;
            lock (_gate)
            {
                if (_ended || IsOver) break;
                wait = NextDue - Stopwatch.GetTimestamp();
                if (wait <= 0 && _free.TryDequeue(out waiter))
                {
                    _lateness.RecordValue(Math.Min(LongestMicroseconds, -wait / (Stopwatch.Frequency / 1_000_000)));
                    turn = Take();
                }
            }

            if (waiter is null) ShortSleep.For(wait);
            else waiter.Give(turn);
        }

        End();
    }

    private Turn Take()
    {
        var turn = new Turn(NextDue);
        _next++;
        return turn;
    }

    private bool TryFree(out Waiter waiter)
    {
        lock (_gate) return _free.TryDequeue(out waiter!);
    }
}
