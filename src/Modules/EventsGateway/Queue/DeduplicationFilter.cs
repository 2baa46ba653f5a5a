using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Gateway.Shared.Idempotency;
using Gateway.Shared.Json;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Queue;

/// <summary>
/// Keeps duplicates out of the queue. It saves work and guarantees nothing: an event enters the cache only after it is durable,
/// because a crash in between would turn the sender's retry into a loss.
/// </summary>
internal sealed class DeduplicationFilter(
    IEventQueue inner, IIdempotencyService cache, TimeProvider time, ILogger<DeduplicationFilter> log) : IEventQueue
{
    private readonly Throttle _faultLines = new(time);

    public async Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
    {
        Candidate[] all = [.. group.Select(e => new Candidate(e))];
        var entries = await cache.FindCachedAsync([.. all.Select(candidate => candidate.Key)]);
        var unknown = new List<Candidate>(all.Length);
        for (var i = 0; i < all.Length; i++)
        {
            if (entries[i] is { } entry)
                all[i].Result = EnqueueResult.Duplicate with { IsConflict = entry.BodyHash != all[i].Entry.BodyHash };
            else unknown.Add(all[i]);
        }

        if (unknown.Count > 0) await EnqueueAsync(unknown, isWholeGroup: unknown.Count == all.Length);
        return [.. all.Select(candidate => candidate.Result)];
    }

    public Task ProbeAsync() => inner.ProbeAsync();

    private async Task EnqueueAsync(List<Candidate> unknown, bool isWholeGroup)
    {
        try
        {
            var results = await inner.EnqueueAsync([.. unknown.Select(candidate => candidate.Event)]);
            for (var i = 0; i < unknown.Count; i++) unknown[i].Result = results[i];
        }
        catch (BackendUnavailableException fault) when (!isWholeGroup)
        {
            // The cached events of the group are durable; only the others are answered 503.
            if (_faultLines.Allows()) EventsGatewayLog.NotEnqueued(log, unknown.Count, fault.Message);
        }

        var durable = unknown.Where(candidate => candidate.Result.Status != EnqueueStatus.NotDurable);
        cache.AddToCache([.. durable.Select(candidate => (candidate.Key, candidate.Entry))]);
    }

    private sealed class Candidate(AcceptedEvent e)
    {
        public AcceptedEvent Event => e;

        public string Key { get; } = e.Key.ToString();

        public CacheEntry Entry { get; } = new(e.AcceptId, JsonHash.Of(e.Body));

        public EnqueueResult Result { get; set; } = EnqueueResult.NotDurable;
    }
}
