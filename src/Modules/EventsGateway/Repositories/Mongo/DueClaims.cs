using System.Collections.Concurrent;
using Gateway.Shared.Errors;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// The claims of one process, two round trips each. What else a claim answers is looked up beside it every half second, and by
/// each claim that finds nothing: a busy worker claims many times a second.
/// </summary>
internal sealed class DueClaims
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    // The store may have written these claims, but its answer was lost. The next call releases them: as expired claims they would
    // count as abandoned attempts.
    private readonly ConcurrentQueue<Guid> _lost = new();

    private long _lastLook;
    private volatile bool _isContended;

    public async Task<T> UseAsync<T>(Func<Guid, Task<T>> claim)
    {
        var token = Guid.NewGuid();
        try
        {
            return await claim(token);
        }
        catch (BackendUnavailableException)
        {
            _lost.Enqueue(token);
            throw;
        }
    }

    public async Task<ClaimedBatch> ClaimAsync(
        IMongoCollection<BsonDocument> rows, ClaimRequest request, Guid token, long now, CancellationToken limit)
    {
        while (_lost.TryPeek(out var lost))
        {
            await ClaimQueries.ReleaseAsync(rows, lost, now, limit);
            _lost.TryDequeue(out _);
        }

        var sinceLook = TimeSpan.FromMilliseconds(Math.Abs(now - Interlocked.Read(ref _lastLook)));
        // An isolated event that this call claims is due no more. Of others the look-up needs to know nothing: an event whose
        // claim expires is due later, so both never write the same row.
        var looking = request.Order != ClaimOrder.Isolated && sinceLook >= LookInterval
            ? LookAsync(rows, request, now, limit)
            : null;
        var claiming = ClaimQueries.ClaimAsync(rows, request, token, now, _isContended, limit);
        await Task.WhenAll(claiming, looking ?? Task.CompletedTask);
        (var events, _isContended) = await claiming;
        if (events.Count > 0 && sinceLook < LookInterval) return new ClaimedBatch(events, LookInterval - sinceLook, false, []);
        var (poisoned, next, isolated) = await (looking ?? LookAsync(rows, request, now, limit));
        Interlocked.Exchange(ref _lastLook, now);
        if (events.Count > 0 && !(next < request.Lease)) next = request.Lease;
        return new ClaimedBatch(events, next, isolated, poisoned);
    }

    private static async Task<(IReadOnlyList<FailedEvent> Poisoned, TimeSpan? NextDueIn, bool IsolatedDue)> LookAsync(
        IMongoCollection<BsonDocument> rows, ClaimRequest request, long now, CancellationToken limit)
    {
        var poisoned = await ClaimQueries.ExpireAsync(rows, now, limit);
        var next = ClaimQueries.NextDueInAsync(rows, now, limit);
        var isolated = ClaimQueries.IsIsolatedDueAsync(rows, request, now, limit);
        await Task.WhenAll(next, isolated);
        return (poisoned, await next, await isolated);
    }
}
