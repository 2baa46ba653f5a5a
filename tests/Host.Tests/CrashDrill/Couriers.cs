using System.Collections.Concurrent;
using System.Net;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>They post until nobody answers any more, and keep what they were promised.</summary>
internal sealed class Couriers(DrillFeed feed)
{
    private const int Count = 8;

    private readonly ConcurrentDictionary<string, Webhook> _promised = new();
    private int _answers;

    /// <summary>Every key that was answered 202. What got no answer, or a 503, is unknown: allowed, not required.</summary>
    public IReadOnlyDictionary<string, Webhook> Promised => _promised;

    public int Answers => Volatile.Read(ref _answers);

    public Task PostUntilNobodyAnswersAsync(GatewayClient gateway)
        => Task.WhenAll(Enumerable.Range(0, Count).Select(_ => Task.Run(() => PostAsync(gateway))));

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
            if (!answer.Headers.Contains("Idempotent-Replayed")) takenAsNew.Add(one.Key);
        });
        return takenAsNew;
    }

    private async Task PostAsync(GatewayClient gateway)
    {
        try
        {
            while (true)
            {
                var webhook = feed.Next();
                using var answer = await gateway.PostSignedAsync(webhook);
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) continue;
                answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
                _promised.TryAdd(answer.Headers.Location!.OriginalString.Split('/')[^1], webhook);
                Interlocked.Increment(ref _answers);
            }
        }
        catch (HttpRequestException)
        {
            // It is gone.
        }
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
