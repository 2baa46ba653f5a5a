using System.Diagnostics;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>Senders with a rate, and for how long they were not served.</summary>
internal sealed partial class Senders
{
    private static readonly TimeSpan SteadyPace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<long> _unavailableAt = [];
    private long _acceptedAt;
    private int _lost;
    private TimeSpan _longestGap;

    /// <summary>Answers 503.</summary>
    public int Unavailable
    {
        get
        {
            lock (_gate) return _unavailableAt.Count;
        }
    }

    /// <summary>Forgets what was measured before.</summary>
    public void BeginMeasurement()
    {
        lock (_gate)
        {
            _unavailableAt.Clear();
            _lost = 0;
            (_acceptedAt, _longestGap) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
        }
    }

    /// <summary>Answers 503, the time from the first to the last of them, and the longest time without an answer 202.</summary>
    public string Measured()
    {
        lock (_gate)
        {
            var span = _unavailableAt is [var first, .., var last] ? Stopwatch.GetElapsedTime(first, last) : TimeSpan.Zero;
            return $"{_unavailableAt.Count} answers 503 within {span.TotalSeconds:0.00} s, {_lost} connections lost, "
                   + $"at most {_longestGap.TotalSeconds:0.00} s without an answer 202";
        }
    }

    /// <summary>
    /// Posts at a rate, whether or not earlier requests were answered, and repeats it every second until it is accepted.
    /// </summary>
    public async Task PostSteadilyAsync(Func<GatewayClient> replica, int perSecond, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(SteadyPace);
        var (started, posts) = (Stopwatch.GetTimestamp(), new List<Task>());
        while (!stop.IsCancellationRequested)
        {
            while (posts.Count < Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond)
                posts.Add(PostUntilAcceptedAsync(replica));
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(posts);
    }

    private async Task PostUntilAcceptedAsync(Func<GatewayClient> replica)
    {
        var request = feed.Next();
        using var again = new PeriodicTimer(RepeatAfter);
        while (!await TryAsync(replica(), request)) await again.WaitForNextTickAsync(CancellationToken.None);
    }

    /// <summary>False also when the connection failed.</summary>
    private async Task<bool> TryAsync(GatewayClient gateway, IDrillRequest request)
    {
        try
        {
            return await IsAcceptedAsync(gateway, request);
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _lost);
            return false;
        }
    }

    private void RecordUnavailable()
    {
        lock (_gate) _unavailableAt.Add(Stopwatch.GetTimestamp());
    }

    private void RecordAccepted()
    {
        lock (_gate)
        {
            var gap = Stopwatch.GetElapsedTime(_acceptedAt);
            if (_acceptedAt > 0 && gap > _longestGap) _longestGap = gap;
            _acceptedAt = Stopwatch.GetTimestamp();
        }
    }
}
