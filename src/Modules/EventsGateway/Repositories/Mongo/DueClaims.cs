using System.Collections.Concurrent;
using Gateway.Shared.Errors;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// The claims of one process, three round trips each. What else a claim answers is looked up beside it, once the claim before it
/// took all that was due, and otherwise only every half second: a worker with a backlog claims many times a second.
/// </summary>
internal sealed class DueClaims
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    // The store may have written these claims, but its answer was lost. The next call releases them: as expired claims they would
    // count as abandoned attempts.
    private readonly ConcurrentQueue<Guid> _lost = new();

    private long _lastLook;
    private volatile bool _hasBacklog;

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

        var isLookDue = Math.Abs(now - Interlocked.Read(ref _lastLook)) >= LookInterval.TotalMilliseconds;
        // An isolated event that this call claims is due no more. Of others the look-up needs to know nothing: an event whose
        // claim expires is due later, so both never write the same row.
        var looking = request.Order != ClaimOrder.Isolated && (isLookDue || !_hasBacklog)
            ? LookAsync(rows, request, now, limit)
            : null;
        var claiming = ClaimQueries.ClaimAsync(rows, request, token, now, limit);
        await Task.WhenAll(claiming, looking ?? Task.CompletedTask);
        var events = await claiming;
        _hasBacklog = events.Count == request.Limit;
        if (looking is null && _hasBacklog && !isLookDue) return new ClaimedBatch(events, null, false, []);
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
