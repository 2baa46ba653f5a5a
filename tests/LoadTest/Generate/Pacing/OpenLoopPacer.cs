using System.Diagnostics;
using System.Runtime.InteropServices;
using HdrHistogram;

namespace Gateway.LoadTest.Generate.Pacing;

/// <summary>
/// Request n is due at n / rate, independent of the responses. If no connection is free, the next free one sends it, and its
/// latency counts from the due time: no coordinated omission.
/// </summary>
internal sealed class OpenLoopPacer(double rate, TimeSpan? duration) : IPacer
{
    private const long MaxMicroseconds = 600_000_000;

    private readonly Lock _lock = new();
    private readonly Queue<SlotWaiter> _free = new();
    private readonly LongHistogram _lateness = new(MaxMicroseconds, 3);
    private long _startedAt;
    private long _next;
    private bool _ended;

    /// <summary>Delay in microseconds of requests whose connection was free: the client itself caused it.</summary>
    public LongHistogram Lateness { get { lock (_lock) return (LongHistogram)_lateness.Copy(); } }

    public ValueTask<SendSlot> NextAsync(SlotWaiter waiter)
    {
        lock (_lock)
        {
            if (_ended || IsOver) return ValueTask.FromResult(SendSlot.None);
            if (_startedAt != 0 && NextDue <= Stopwatch.GetTimestamp()) return ValueTask.FromResult(TakeSlot());
            _free.Enqueue(waiter);
            return waiter.WaitAsync();
        }
    }

    public void Start()
    {
        lock (_lock) _startedAt = Stopwatch.GetTimestamp();
        new Thread(AssignSlots) { IsBackground = true, Name = "pacer" }.Start();
    }

    public void Stop()
    {
        lock (_lock) _ended = true;
        while (TryDequeue(out var waiter)) waiter.Assign(SendSlot.None);
    }

    private long NextDue => DueOf(_startedAt, _next, rate);

    private bool IsOver
        => duration is { } time && _startedAt != 0 && NextDue - _startedAt >= time.TotalSeconds * Stopwatch.Frequency;

    /// <summary>Computed from the start: a sum of intervals would drift.</summary>
    internal static long DueOf(long startedAt, long number, double rate)
        => startedAt + (long)(number / rate * Stopwatch.Frequency);

    private void AssignSlots()
    {
        while (true)
        {
            SlotWaiter? waiter = null;
            SendSlot slot = default;
            long wait = 0;
            lock (_lock)
            {
                if (_ended || IsOver) break;
                wait = NextDue - Stopwatch.GetTimestamp();
                if (wait <= 0 && _free.TryDequeue(out waiter))
                {
                    _lateness.RecordValue(Math.Min(MaxMicroseconds, -wait / (Stopwatch.Frequency / 1_000_000)));
                    slot = TakeSlot();
                }
            }

            if (waiter is null) ShortSleep.For(wait);
            else waiter.Assign(slot);
        }

        Stop();
    }

    private SendSlot TakeSlot()
    {
        var slot = new SendSlot(NextDue);
        _next++;
        return slot;
    }

    private bool TryDequeue(out SlotWaiter waiter)
    {
        lock (_lock) return _free.TryDequeue(out waiter!);
    }
}

/// <summary>
/// Sleeps for less than the millisecond of <see cref="Thread.Sleep(int)"/> (1.1 ms in practice), which would send five requests
/// at once at 5,000 requests per second. Spinning would take a core from the server.
/// </summary>
internal static class ShortSleep
{
    private static readonly long MinTicks = Stopwatch.Frequency / 10_000;
    private static readonly long MaxTicks = Stopwatch.Frequency / 100;

    /// <summary>Sleeps for about this many timestamp ticks, from 100 µs to 10 ms; the caller checks the time again.</summary>
    public static void For(long ticks)
    {
        ticks = Math.Clamp(ticks, MinTicks, MaxTicks);
        if (OperatingSystem.IsWindows()) Thread.Sleep(1);
        else _ = MicroSleep((uint)(ticks * 1_000_000 / Stopwatch.Frequency));
    }

    [DllImport("libc", EntryPoint = "usleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MicroSleep(uint microseconds);
}
