using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Sources;

namespace Gateway.EventsGateway.Features.ReceiveEvent.FromSource;

/// <summary>The result of one request of a source. <see cref="SourceRequest.AnswerAsync"/> turns it into the response.</summary>
internal abstract record SourceResult
{
    /// <summary>The answer of the source: everything of the request is durable, or was skipped.</summary>
    /// <param name="SecretId">The secret that matched.</param>
    /// <param name="Events">The events, and the container of what could not be mapped.</param>
    /// <param name="Enqueued">The result of each.</param>
    /// <param name="Counts">What was skipped, unmapped or stale.</param>
    internal sealed record Accepted(
        string SecretId, IReadOnlyList<AcceptedEvent> Events, IReadOnlyList<EnqueueResult> Enqueued, SourceCounts Counts)
        : SourceResult;

    /// <summary>4xx: the sender, or the settings of the source, have to change.</summary>
    /// <param name="Rejection">The status and the reason.</param>
    internal sealed record Rejected(Rejection Rejection) : SourceResult;

    /// <summary>503: something of the request is not known to be durable.</summary>
    /// <param name="Cause">The event and the reason.</param>
    internal sealed record Unavailable(NotDurable Cause) : SourceResult;

    /// <param name="Answer">Status and content type.</param>
    /// <param name="Body">The body of the answer.</param>
    internal sealed record Handshake(SourceAnswer Answer, string Body) : SourceResult;
}
