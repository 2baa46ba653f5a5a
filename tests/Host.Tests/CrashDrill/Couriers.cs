using System.Collections.Concurrent;
using System.Net;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>They post, and keep what they were promised.</summary>
internal sealed class Couriers(DrillFeed feed)
{
    private const int Count = 8;

    // Many at once, so that groups form and a fault hits them in the middle; then a pause, because a drill that lasts
    // minutes has to settle its load in seconds, and who is not answered must not spin.
    private const int Burst = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentDictionary<string, Webhook> _promised = new();
    private readonly ConcurrentQueue<Webhook> _unknown = new();
    private int _answers;
    private int _rejections;
    private int _tries;
    private int _unpromised;

    /// <summary>Every key that was answered 202. What got no answer, or a 503, is unknown: allowed, not required.</summary>
    public IReadOnlyDictionary<string, Webhook> Promised => _promised;

    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Answers 503.</summary>
    public int RejectedRequestLog => Volatile.Read(ref _rejections);

    /// <summary>Webhooks that were sent, whatever came of it.</summary>
    public int Tries => Volatile.Read(ref _tries);

    /// <summary>Those without a promise at first.</summary>
    public int Unpromised => Volatile.Read(ref _unpromised);

    public Task PostUntilNobodyAnswersAsync(GatewayClient gateway) => AllAsync(async _ =>
    {
        while (await PostAsync(gateway))
        {
        }
    });

    /// <summary>Goes on whoever is there, each courier at one of the doors.</summary>
    public Task PostUntilAsync(IReadOnlyList<Func<GatewayClient>> doors, CancellationToken stop) => AllAsync(async courier =>
    {
        using var pace = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested)
        {
            var door = doors[courier % doors.Count]();
            await Task.WhenAll(Enumerable.Range(0, Burst).Select(_ => PostAsync(door)));
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    });

    /// <summary>As couriers do: what was not promised is sent again until it is.</summary>
    public async Task RepeatUnknownAsync(GatewayClient gateway)
    {
        var unknown = new List<Webhook>();
        while (_unknown.TryDequeue(out var webhook)) unknown.Add(webhook);
        await Parallel.ForEachAsync(unknown, new ParallelOptions { MaxDegreeOfParallelism = Count }, async (webhook, _)
            => await Until.TrueAsync(() => IsPromisedAsync(gateway, webhook), isPromised => isPromised));
    }

    /// <summary>Looks at the counts while the others post: no snapshot may lack a promised event, or not add up.</summary>
    public async Task WatchUntilNobodyAnswersAsync(GatewayClient gateway)
    {
        try
        {
            while (true)
            {
                var promised = _promised.Count;
                var counts = await Counts.OfAsync(gateway);
                counts.Accepted.ShouldBe(counts.Pending + counts.Processed + counts.Failed);
                counts.Accepted.ShouldBeGreaterThanOrEqualTo(promised);
            }
        }
        catch (HttpRequestException)
        {
            // It is gone.
        }
    }

    /// <summary>Every promised webhook once more; the keys whose answer did not say that it is a repetition.</summary>
    public async Task<IReadOnlyCollection<string>> RepeatAllAsync(GatewayClient gateway)
    {
        var takenAsNew = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(_promised, new ParallelOptions { MaxDegreeOfParallelism = Count }, async (one, _) =>
        {
            using var answer = await gateway.PostSignedAsync(one.Value, CancellationToken.None);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, one.Key);
            if (!answer.IsReplayed()) takenAsNew.Add(one.Key);
        });
        return takenAsNew;
    }

    private static Task AllAsync(Func<int, Task> courier)
        => Task.WhenAll(Enumerable.Range(0, Count).Select(number => Task.Run(() => courier(number))));

    /// <summary>False when nobody answers.</summary>
    private async Task<bool> PostAsync(GatewayClient gateway)
    {
        var webhook = feed.Next();
        Interlocked.Increment(ref _tries);
        try
        {
            if (!await IsPromisedAsync(gateway, webhook)) KeepUnknown(webhook);
            return true;
        }
        catch (HttpRequestException)
        {
            // It is gone; perhaps after it took this one.
            KeepUnknown(webhook);
            return false;
        }
    }

    private void KeepUnknown(Webhook webhook)
    {
        Interlocked.Increment(ref _unpromised);
        _unknown.Enqueue(webhook);
    }

    private async Task<bool> IsPromisedAsync(GatewayClient gateway, Webhook webhook)
    {
        using var answer = await gateway.PostSignedAsync(webhook);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            answer.Headers.RetryAfter.ShouldNotBeNull();
            Interlocked.Increment(ref _rejections);
            return false;
        }

        _promised.TryAdd(await answer.AcceptedKeyAsync(), webhook);
        Interlocked.Increment(ref _answers);
        return true;
    }
}

internal sealed record Counts(long Accepted, long Pending, long Processed, long Failed)
{
    public static async Task<Counts> OfAsync(GatewayClient gateway)
    {
        var counts = await gateway.SnapshotAsync();
        return new(Number("accepted"), Number("pending"), Number("processed"), Number("failed"));

        long Number(string name) => counts.GetProperty(name).GetInt64();
    }
}
