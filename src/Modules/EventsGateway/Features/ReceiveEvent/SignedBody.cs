using Gateway.EventsGateway.Queue;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>The verified bytes of a request; they live as long as the request does.</summary>
internal sealed record SignedBody(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>What they say; null where that cannot be read.</summary>
    public ReceiveEventDto? Event { get; set; }

    /// <summary>What became of it; null where an exception tells.</summary>
    public EnqueueResult? Enqueued { get; set; }
}
