namespace Gateway.LoadTest.Operator;

/// <summary>All events of the gateway by status, of one snapshot.</summary>
/// <param name="QueuedMessages">Distributed: messages on their way into the store, a hint.</param>
internal sealed record EventCounts(long Accepted, long Pending, long Processed, long Failed, long? QueuedMessages)
{
    public long Settled => Processed + Failed;

    public bool IsIdle => Pending == 0 && QueuedMessages is null or 0;
}
