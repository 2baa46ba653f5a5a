using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Routing;

/// <summary>
/// The circuit of one scope: a merchant at a source, or all. It opens after a streak of failures, a merchant's also at a ratio of
/// them; after the break one probe at a time decides. Times are those of this process since its start; the caller holds a lock.
/// </summary>
internal sealed class Circuit(RoutingScope scope, RoutingOptions options)
{
    private const int Slices = 10;

    private readonly (long Slice, int Routed, int Failed)[] _window
        = scope == RoutingScope.All ? [] : new (long, int, int)[Slices];

    private int _failuresInARow;
    private TimeSpan _openSince;
    private TimeSpan _openUntil;
    private TimeSpan _pausedUntil;
    private TimeSpan _lastFailedProbe;
    private bool _isProbing;

    public RoutingScope Scope => scope;

    public bool IsClosed { get; private set; } = true;

    /// <summary>Until a call may be made; zero where one may.</summary>
    public TimeSpan RestAt(TimeSpan now)
    {
        var until = IsClosed ? _pausedUntil : LastBreakEnd;
        return until > now ? until - now : TimeSpan.Zero;
    }

    /// <summary>The end of the last break or pause.</summary>
    public TimeSpan LastBreakEnd => _pausedUntil > _openUntil ? _pausedUntil : _openUntil;

    public bool Admits(TimeSpan now) => RestAt(now) == TimeSpan.Zero && (IsClosed || !_isProbing);

    public TimeSpan OpenFor(TimeSpan now) => IsClosed ? TimeSpan.Zero : now - _openSince;

    /// <summary>From its opening to the last failed probe.</summary>
    public TimeSpan ProbedFor => IsClosed || _lastFailedProbe < _openSince ? TimeSpan.Zero : _lastFailedProbe - _openSince;

    /// <summary>True where this call is a probe.</summary>
    public bool Begin() => !IsClosed && (_isProbing = true);

    /// <summary>A limit of the service: no call before its end.</summary>
    public void Pause(TimeSpan until)
    {
        if (until > _pausedUntil) _pausedUntil = until;
    }

    /// <summary>A call that was cut off.</summary>
    public void Ended(bool isProbe)
    {
        if (isProbe) _isProbing = false;
    }

    /// <summary>The service said "later", which neither opens nor closes the circuit: the next probe waits for a break.</summary>
    public void Limited(TimeSpan now, bool isProbe)
    {
        Ended(isProbe);
        if (isProbe) _openUntil = now + options.BreakerBreak;
    }

    public void Routed(TimeSpan now, bool isProbe)
    {
        Ended(isProbe);
        // A call that began before the circuit opened says nothing about now.
        if (!IsClosed && !isProbe) return;
        IsClosed = true;
        _failuresInARow = 0;
        if (isProbe) Array.Clear(_window);
        Count(now, routed: 1, failed: 0);
    }

    /// <summary>True where this failure opened the circuit, or opened it again.</summary>
    public bool Failed(TimeSpan now, bool isProbe)
    {
        Ended(isProbe);
        if (!IsClosed)
        {
            if (!isProbe) return false;
            _lastFailedProbe = now;
            _openUntil = now + options.BreakerBreak;
            return true;
        }

        Count(now, routed: 0, failed: 1);
        if (++_failuresInARow < options.BreakerStreak && !IsRatioExceeded(now)) return false;
        (IsClosed, _openSince, _openUntil) = (false, now, now + options.BreakerBreak);
        return true;
    }

    private bool IsRatioExceeded(TimeSpan now)
    {
        var oldest = SliceAt(now) - Slices;
        var (all, failed) = (0, 0);
        foreach (var slice in _window)
        {
            if (slice.Slice <= oldest) continue;
            all += slice.Routed + slice.Failed;
            failed += slice.Failed;
        }

        return all >= options.BreakerMinimum && failed >= options.BreakerRatio * all;
    }

    private void Count(TimeSpan now, int routed, int failed)
    {
        if (_window.Length == 0) return;
        var at = SliceAt(now);
        ref var slice = ref _window[at % Slices];
        if (slice.Slice != at) slice = (at, 0, 0);
        slice.Routed += routed;
        slice.Failed += failed;
    }

    /// <summary>From 1: an empty slice has 0.</summary>
    private long SliceAt(TimeSpan now) => (now.Ticks * Slices / options.BreakerWindow.Ticks) + 1 + Slices;
}

/// <summary>A call that may be made, and what it decides.</summary>
/// <param name="Merchant">The circuit of its merchant at its source; null where there are too many.</param>
/// <param name="ProbesMerchant">It decides on the circuit of its merchant.</param>
/// <param name="ProbesAll">It decides on the circuit of all.</param>
internal readonly record struct CallPermit(Circuit? Merchant, bool ProbesMerchant, bool ProbesAll)
{
    public bool CircuitsWereClosed => !ProbesMerchant && !ProbesAll;
}
