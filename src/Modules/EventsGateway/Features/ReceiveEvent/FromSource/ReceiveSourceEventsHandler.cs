using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.Shared.Hosting;
using Gateway.Shared.Http;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Gateway.EventsGateway.Features.ReceiveEvent.FromSource;

/// <param name="Source">The source, as it was when the request came.</param>
/// <param name="SecretId">The secret that matched.</param>
/// <param name="IsStale">The signed timestamp is outside the tolerance, which is only counted.</param>
/// <param name="Mapped">What the mapping has made of the body.</param>
/// <param name="Body">The signed bytes; valid until the request ends.</param>
/// <param name="Values">What the mapping has read beside the body.</param>
/// <param name="Headers">The request's headers.</param>
/// <param name="ReceivedAt">When it was received.</param>
internal sealed record ReceiveSourceEventsCommand(
    Source Source, string SecretId, bool IsStale, MappedRequest Mapped, ReadOnlyMemory<byte> Body, RequestValues Values,
    IHeaderDictionary Headers, DateTimeOffset ReceivedAt) : IRequest<SourceResult>;

/// <summary>
/// Makes everything of a request durable: its events, and a container with the whole body where something of it could not be
/// mapped. A success is answered only when all of it is durable. The request determines the keys, so a repeat completes it.
/// </summary>
internal sealed class ReceiveSourceEventsHandler(
    GroupCommit<AcceptedEvent, EnqueueResult> group, ReceiveEventTelemetry telemetry, SourceLedger ledger,
    KeptHeaders headers, IHostApplicationLifetime process) : IRequestHandler<ReceiveSourceEventsCommand, SourceResult>
{
    // As for the built-in source, the events are committed even if the sender disconnects.
    public async Task<SourceResult> Handle(ReceiveSourceEventsCommand request, CancellationToken cancellationToken)
    {
        var events = EventsOf(request);
        var counts = CountsOf(request);
        if (events.Count == 0) return new SourceResult.Accepted(request.SecretId, [], [], counts);
        using var publish = telemetry.StartPublish(request.Headers);
        publish?.SetTag("messaging.message.id", events[0].AcceptId.ToString());
        if (process.ApplicationStopping.IsCancellationRequested)
            return new SourceResult.Unavailable(NotDurable.Stopping(events[0]));
        var container = events[^1].Defect is null ? null : events[^1];
        if (container is not null && ledger.Of(request.Source.Name).IsFull)
            return new SourceResult.Unavailable(new(container, "too many requests of the source wait for a better mapping"));
        if (group.TryCommit(events) is not { } durable)
            return new SourceResult.Unavailable(NotDurable.TooManyWaiting(events[0]));

        try
        {
            var enqueued = await durable;
            var open = Array.FindIndex(enqueued, result => result.Status == EnqueueStatus.NotDurable);
            if (container is not null && enqueued[^1].Status == EnqueueStatus.New)
                ledger.Of(request.Source.Name).Kept(container.Body.Length);
            return open < 0
                ? new SourceResult.Accepted(request.SecretId, events, enqueued, counts)
                : new SourceResult.Unavailable(NotDurable.Unconfirmed(events[open]));
        }
        catch (Exception fault)
        {
            return new SourceResult.Unavailable(NotDurable.By(fault, events[0]));
        }
    }

    private List<AcceptedEvent> EventsOf(ReceiveSourceEventsCommand request)
    {
        var (source, mapped, body, now) = (request.Source, request.Mapped, request.Body, request.ReceivedAt);
        var (kept, trace, id) = (headers.Of(request.Headers), Activity.Current?.Id, RequestId.SentIn(request.Headers));
        var events = CanonicalEvents.Of(source, mapped, body, request.SecretId, now)
            .Select(e => e with { Headers = kept, Traceparent = trace, RequestId = id }).ToList();
        if (CanonicalEvents.ContainerOf(source, mapped, body, request.Values, request.SecretId, now) is { } container)
            events.Add(container with { Headers = KeptValues.Of(source, request.Values), Traceparent = trace, RequestId = id });
        return events;
    }

    private static SourceCounts CountsOf(ReceiveSourceEventsCommand request)
    {
        var mapped = request.Mapped;
        var unmapped = mapped.Unmapped is null ? mapped.Items.Count(item => item.Unmapped is not null) : 1;
        return new SourceCounts(
            Skipped: mapped.IsSkipped ? 1 : mapped.Items.Count(item => item.IsSkipped), Unmapped: unmapped,
            UnmappedRequests: unmapped > 0 ? 1 : 0, Stale: request.IsStale ? 1 : 0);
    }
}
