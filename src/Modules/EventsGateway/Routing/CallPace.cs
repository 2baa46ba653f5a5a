using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Routing;

/// <summary>
/// How many calls this process makes at once and per second. Limits of the service halve the concurrency; ten routed calls add
/// one again.
/// </summary>
internal sealed class CallPace(IOptions<RoutingOptions> options, TimeProvider time)
{
    private const int SuccessesPerCall = 10;

    private readonly int _perSecond = options.Value.MaxCallsPerSecond;
    private readonly Lock _lock = new();
    private int _most = int.MaxValue;
    private int _concurrency = int.MaxValue;
    private int _successes;
    private double _tokens = options.Value.MaxCallsPerSecond;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Calls at once, of at most <paramref name="most"/>.</summary>
    public int ConcurrencyOf(int most)
    {
        lock (_lock)
        {
            _most = most;
            return Math.Min(most, _concurrency);
        }
    }

    /// <summary>Calls that may begin now.</summary>
    public int Available
    {
        get
        {
            if (_perSecond == 0) return int.MaxValue;
            lock (_lock)
            {
                var now = time.GetTimestamp();
                _tokens = Math.Min(_perSecond, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * _perSecond));
                _filledAt = now;
                return (int)_tokens;
            }
        }
    }

    /// <summary>Until the next call may begin.</summary>
    public TimeSpan NextIn
    {
        get
        {
            lock (_lock) return TimeSpan.FromSeconds(Math.Max(1 - _tokens, 0) / _perSecond);
        }
    }

    public void Begun(int calls)
    {
        if (_perSecond == 0) return;
        lock (_lock) _tokens -= calls;
    }

    public void Succeeded()
    {
        // Read without the lock: almost always there is no limit.
        if (_concurrency == int.MaxValue) return;
        lock (_lock)
        {
            if (++_successes < SuccessesPerCall) return;
            _successes = 0;
            if (++_concurrency >= _most) _concurrency = int.MaxValue;
        }
    }

    /// <summary>Returns the new concurrency.</summary>
    public int Halve()
    {
        lock (_lock)
        {
            _successes = 0;
            return _concurrency = Math.Max(Math.Min(_most, _concurrency) / 2, 1);
        }
    }
}
