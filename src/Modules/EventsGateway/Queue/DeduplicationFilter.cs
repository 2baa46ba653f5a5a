using System.Buffers.Binary;
using System.Security.Cryptography;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Gateway.Shared.Idempotency;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Queue;

/// <summary>
/// Keeps repeats out of the queue. It saves work and promises nothing: an event is marked only after it is durable, because
/// a crash in between would turn the sender's retry into a loss.
/// </summary>
internal sealed class DeduplicationFilter(
    IEventQueue inner, IIdempotencyService seen, Conflicts conflicts, TimeProvider time, ILogger<DeduplicationFilter> log) : IEventQueue
{
    private readonly Throttle _faults = new(time);

    public async Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
    {
        Candidate[] all = [.. group.Select(e => new Candidate(e))];
        var marks = await seen.FindCachedAsync([.. all.Select(candidate => candidate.Key)]);
        for (var i = 0; i < all.Length; i++)
        {
            if (marks[i] is { } mark) Recognise(all[i], mark);
        }

        Candidate[] unseen = [.. all.Where(candidate => candidate.Answer != EnqueueResult.Duplicate)];
        if (unseen.Length > 0) await EnqueueAsync(unseen, isAll: unseen.Length == all.Length);
        return [.. all.Select(candidate => candidate.Answer)];
    }

    public Task ProbeAsync() => inner.ProbeAsync();

    private void Recognise(Candidate candidate, CacheEntry mark)
    {
        candidate.Answer = EnqueueResult.Duplicate;
        if (mark.BodyHash != candidate.Mark.BodyHash) conflicts.Add(candidate.Event);
    }

    private async Task EnqueueAsync(Candidate[] unseen, bool isAll)
    {
        try
        {
            var answers = await inner.EnqueueAsync([.. unseen.Select(candidate => candidate.Event)]);
            for (var i = 0; i < unseen.Length; i++) unseen[i].Answer = answers[i];
        }
        catch (BackendUnavailableException fault) when (!isAll)
        {
            // Those that were seen are durable all the same; only the others are answered 503.
            if (_faults.Allows()) EventsGatewayLog.NotEnqueued(log, unseen.Length, fault.Message);
        }

        var durable = unseen.Where(candidate => candidate.Answer != EnqueueResult.NotDurable);
        seen.AddToCache([.. durable.Select(candidate => (candidate.Key, candidate.Mark))]);
    }

    private sealed class Candidate(AcceptedEvent e)
    {
        public AcceptedEvent Event => e;

        public string Key { get; } = e.Key.ToString();

        public CacheEntry Mark { get; } = new(e.AcceptId, BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(e.Body)));

        /// <summary>Until somebody says otherwise: not durable.</summary>
        public EnqueueResult Answer { get; set; }
    }
}
