using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;

namespace Gateway.EventsGateway.Tests.Contracts;

/// <summary>A queue that is a separate server: with a reading end, dead letters and access for foreign clients.</summary>
internal abstract class BrokerHarness : QueueHarness
{
    public abstract IQueuedEvents Queued { get; }

    public abstract IDeadLetterQueue DeadLetters { get; }

    /// <summary>A foreign client publishes into the queue.</summary>
    public abstract Task PutAsync(byte[] message);

    /// <summary>The copies as a consumer gets them, once there are <paramref name="count"/>.</summary>
    public abstract Task<IReadOnlyList<byte[]>> DeadLettersAsync(int count);

    public override async Task<IReadOnlyList<AcceptedEvent>> ArrivedAsync(int count)
    {
        var arrived = new List<AcceptedEvent>();
        using var enough = new CancellationTokenSource();
        await Queued.ConsumeAsync(
            async group =>
            {
                arrived.AddRange(group);
                if (arrived.Count >= count) await enough.CancelAsync();
            },
            enough.Token).WaitAsync(TestSupport.Until.Timeout);
        arrived.Count.ShouldBe(count);
        return arrived;
    }
}
