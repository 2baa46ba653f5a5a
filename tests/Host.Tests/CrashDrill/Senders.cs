using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>Eight senders that post requests and remember which of them were accepted.</summary>
internal sealed partial class Senders(IDrillFeed feed)
{
    private const int Count = 8;

    // Several at once, so that a fault hits whole groups. The pause limits the load of a drill that lasts minutes, and keeps a
    // sender without an answer from spinning.
    private const int Burst = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentDictionary<string, IDrillRequest> _accepted = new();
    private readonly ConcurrentQueue<IDrillRequest> _unknown = new();
    private int _answers;
    private int _tries;
    private int _notAcceptedAtFirst;

    /// <summary>By key, what was answered with success. A request without an answer, or with 503, may be stored or not.</summary>
    public IReadOnlyDictionary<string, IDrillRequest> Accepted => _accepted;

    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Requests that were sent, with any result.</summary>
    public int Tries => Volatile.Read(ref _tries);

    /// <summary>Requests that were not accepted when they were first sent.</summary>
    public int NotAcceptedAtFirst => Volatile.Read(ref _notAcceptedAtFirst);

    /// <summary>What was answered with success and is not stored.</summary>
    public IReadOnlyList<string> LostFrom(IEnumerable<string> stored)
    {
        var keys = stored.ToFrozenSet();
        return [.. _accepted.SelectMany(one => one.Value.LostFrom(keys, one.Key))];
    }

    public Task PostUntilGatewayEndsAsync(GatewayClient gateway) => AllAsync(async _ =>
    {
        while (await PostAsync(gateway))
        {
        }
    });

    /// <summary>Posts also while replicas are down; each sender uses one replica.</summary>
    public Task PostUntilAsync(IReadOnlyList<Func<GatewayClient>> replicas, CancellationToken stop) => AllAsync(async sender =>
    {
        using var pace = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested)
        {
            var ingest = replicas[sender % replicas.Count]();
            await Task.WhenAll(Enumerable.Range(0, Burst).Select(_ => PostAsync(ingest)));
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    });

    /// <summary>Sends what was not accepted again until it is accepted.</summary>
    public async Task RepeatUnknownAsync(GatewayClient gateway)
    {
        var unknown = new List<IDrillRequest>();
        while (_unknown.TryDequeue(out var request)) unknown.Add(request);
        await Parallel.ForEachAsync(unknown, new ParallelOptions { MaxDegreeOfParallelism = Count }, async (request, _)
            => await Until.TrueAsync(() => IsAcceptedAsync(gateway, request), isAccepted => isAccepted));
    }

    /// <summary>Reads the counts while the others post: every snapshot includes all accepted events and adds up.</summary>
    public async Task CheckCountsUntilGatewayEndsAsync(GatewayClient gateway)
    {
        try
        {
            while (true)
            {
                var accepted = _accepted.Count;
                var counts = await Counts.OfAsync(gateway);
                counts.Accepted.ShouldBe(counts.Pending + counts.Processed + counts.Failed + counts.Dismissed);
                counts.Accepted.ShouldBeGreaterThanOrEqualTo(accepted);
            }
        }
        catch (HttpRequestException)
        {
            // The gateway has ended.
        }
    }

    /// <summary>Posts every accepted request again; returns the keys that were not answered as duplicates.</summary>
    public async Task<IReadOnlyCollection<string>> RepeatAllAsync(GatewayClient gateway)
    {
        var takenAsNew = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(_accepted, new ParallelOptions { MaxDegreeOfParallelism = Count }, async (one, _) =>
        {
            using var answer = await one.Value.PostAsync(gateway);
            (await one.Value.KeyOfAsync(answer)).ShouldBe(one.Key);
            if (!answer.IsReplayed()) takenAsNew.Add(one.Key);
        });
        return takenAsNew;
    }

    private static Task AllAsync(Func<int, Task> sender)
        => Task.WhenAll(Enumerable.Range(0, Count).Select(number => Task.Run(() => sender(number))));

    /// <summary>False when the connection failed.</summary>
    private async Task<bool> PostAsync(GatewayClient gateway)
    {
        var request = feed.Next();
        Interlocked.Increment(ref _tries);
        try
        {
            if (!await IsAcceptedAsync(gateway, request)) KeepUnknown(request);
            return true;
        }
        catch (HttpRequestException)
        {
            // The gateway has ended, perhaps after it stored this request.
            KeepUnknown(request);
            return false;
        }
    }

    private void KeepUnknown(IDrillRequest request)
    {
        Interlocked.Increment(ref _notAcceptedAtFirst);
        _unknown.Enqueue(request);
    }

    private async Task<bool> IsAcceptedAsync(GatewayClient gateway, IDrillRequest request)
    {
        using var answer = await request.PostAsync(gateway);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            answer.Headers.RetryAfter.ShouldNotBeNull();
            RecordUnavailable();
            return false;
        }

        _accepted.TryAdd(await request.KeyOfAsync(answer), request);
        Interlocked.Increment(ref _answers);
        RecordAccepted();
        return true;
    }
}
