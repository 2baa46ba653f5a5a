using System.Buffers.Binary;
using System.Security.Cryptography;
using Gateway.Shared;
using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Queue;

/// <summary>
/// Before the queue: what the door has seen does not go there again. Marked only when it is durable: a mark before that,
/// and a crash, would turn the sender's repetition into a loss.
/// </summary>
internal sealed class SeenFilter(IEventQueue queue, IIdempotencyService seen, TimeProvider time, ILogger<SeenFilter> log) : IEventQueue
{
    private readonly LogLimiter _conflicts = new(time);
    private readonly LogLimiter _faults = new(time);

    public async Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
    {
        Candidate[] all = [.. group.Select(e => new Candidate(e))];
        var marks = await seen.FindSeenAsync([.. all.Select(one => one.Key)]);
        Candidate[] unseen = [.. all.Where((_, i) => marks[i] is null)];
        var results = new Queue<EnqueueResult>(await EnqueueAsync(unseen, orNot: unseen.Length < all.Length));
        seen.MarkSeen([.. unseen.Zip(results).Where(pair => pair.Second != EnqueueResult.NotDurable).Select(pair => (pair.First.Key, pair.First.Mark))]);
        return [.. all.Select((one, i) => marks[i] is { } mark ? Duplicate(one, mark) : results.Dequeue())];
    }

    public Task ProbeAsync() => queue.ProbeAsync();

    /// <param name="unseen">What goes to the queue.</param>
    /// <param name="orNot">Others of the group are durable already: a fault must not be theirs.</param>
    private async Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(Candidate[] unseen, bool orNot)
    {
        if (unseen.Length == 0) return [];
        try
        {
            return await queue.EnqueueAsync([.. unseen.Select(one => one.Event)]);
        }
        catch (EngineFaultException fault) when (orNot)
        {
            if (_faults.Allows()) EventsGatewayLog.NotDurable(log, unseen[0].Event.Key, fault.Message, null);
            return new EnqueueResult[unseen.Length];
        }
    }

    private EnqueueResult Duplicate(Candidate one, SeenMark first)
    {
        if (first.BodyHash != one.Mark.BodyHash && _conflicts.Allows()) EventsGatewayLog.Conflict(log, one.Event.Key);
        return EnqueueResult.Duplicate;
    }

    private sealed record Candidate(AcceptedEvent Event)
    {
        public string Key { get; } = Event.Key.ToString();

        public SeenMark Mark { get; } = new(Event.AcceptId, BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Event.Body)));
    }
}
