using System.Diagnostics;

namespace Gateway.LoadTest.Measure.Accounting;

/// <summary>Waits until all accepted events are settled and reports the progress.</summary>
internal sealed class DrainMonitor(OperatorClient gateway, TimeSpan limit, Action<DrainProgress> onProgress)
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(200);

    private readonly List<DrainProgress> _progress = [];

    public IReadOnlyList<DrainProgress> Progress => _progress;

    /// <summary>False at the limit, or when events are missing and the counts no longer change.</summary>
    /// <param name="areAllSettled">Reads the rows: true when every accepted event is listed and settled.</param>
    public async Task<bool> WaitAsync(
        EventCounts before, long accepted, Func<CancellationToken, Task<bool>> areAllSettled, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var policy = new DrainPolicy(before, accepted);
        while (Stopwatch.GetElapsedTime(startedAt) < limit)
        {
            var requestedAt = Stopwatch.GetTimestamp();
            var counts = await TryAsync<EventCounts?>(async () => await gateway.CountsAsync(cancellationToken));
            if (counts is not null)
                Report(Stopwatch.GetElapsedTime(startedAt), counts, counts.Settled - before.Settled, accepted);
            var step = policy.Next(Stopwatch.GetElapsedTime(startedAt), counts);
            if (step == DrainStep.Stop) return false;
            if (step == DrainStep.ReadRows)
            {
                var allSettled = await TryAsync<bool?>(async () => await areAllSettled(cancellationToken));
                if (allSettled == true) return true;
                if (allSettled is null) policy.Next(Stopwatch.GetElapsedTime(startedAt), null);
            }

            await PauseAsync(requestedAt, cancellationToken);
        }

        return false;
    }

    /// <summary>Waits until no event is pending, regardless of the sender. False at the limit.</summary>
    public async Task<bool> WaitUntilIdleAsync(CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        EventCounts? first = null;
        while (Stopwatch.GetElapsedTime(startedAt) < limit)
        {
            var requestedAt = Stopwatch.GetTimestamp();
            if (await TryAsync<EventCounts?>(async () => await gateway.CountsAsync(cancellationToken)) is { } counts)
            {
                first ??= counts;
                Report(
                    Stopwatch.GetElapsedTime(startedAt), counts, counts.Settled - first.Settled, counts.Accepted - first.Settled);
                if (counts.IsIdle) return true;
            }

            await PauseAsync(requestedAt, cancellationToken);
        }

        return false;
    }

    /// <summary>Null while the gateway or its store is unavailable: a drain continues across a restart.</summary>
    private static async Task<T?> TryAsync<T>(Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (HttpRequestException)
        {
            return default;
        }
    }

    // Counting a million rows is slow: pausing five times as long keeps the requests below a sixth of the time.
    private static Task PauseAsync(long requestedAt, CancellationToken cancellationToken)
    {
        var pause = Stopwatch.GetElapsedTime(requestedAt) * 5;
        return Task.Delay(pause > MinPause ? pause : MinPause, cancellationToken);
    }

    private void Report(TimeSpan at, EventCounts counts, long settled, long accepted)
    {
        var progress = new DrainProgress(at.TotalSeconds, settled, accepted, counts.Pending, counts.QueuedMessages);
        _progress.Add(progress);
        onProgress(progress);
    }
}

/// <summary>How many events are settled at one time of a drain.</summary>
/// <param name="At">Seconds since the last response of the load.</param>
/// <param name="Settled">Events settled since the start of the load.</param>
internal sealed record DrainProgress(double At, long Settled, long Accepted, long Pending, long? QueuedMessages);
