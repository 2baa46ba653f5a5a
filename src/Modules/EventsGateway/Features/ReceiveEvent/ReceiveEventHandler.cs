using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Hosting;
using Gateway.Shared.Http;
using Gateway.Shared.Time;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <param name="Event">The fields of the body.</param>
/// <param name="Body">The signed bytes; valid until the request ends.</param>
/// <param name="Headers">The request's headers.</param>
/// <param name="SecretId">The secret that signed the body.</param>
internal sealed record ReceiveEventCommand(
    ReceiveEventDto Event, ReadOnlyMemory<byte> Body, IHeaderDictionary Headers, string? SecretId = null)
    : IRequest<ReceiveEventResult>;

/// <summary>The result of one webhook request. <see cref="WebhookRequest.AnswerAsync"/> turns it into the response.</summary>
internal abstract record ReceiveEventResult
{
    /// <summary>Null where the request has no valid event.</summary>
    public virtual AcceptedEvent? Event => null;

    /// <summary>202: the event is durable.</summary>
    /// <param name="Event">The event.</param>
    /// <param name="Enqueued">New or duplicate, with or without a conflict.</param>
    internal sealed record Accepted(AcceptedEvent Event, EnqueueResult Enqueued) : ReceiveEventResult
    {
        public override AcceptedEvent Event { get; } = Event;
    }

    /// <summary>4xx: the sender has to change the request.</summary>
    /// <param name="Rejection">The status and the reason.</param>
    /// <param name="Sent">The fields of the body; null where it could not be read, or was not trusted.</param>
    internal sealed record Rejected(Rejection Rejection, ReceiveEventDto? Sent = null) : ReceiveEventResult;

    /// <summary>503.</summary>
    /// <param name="Cause">The event and the reason.</param>
    internal sealed record Unavailable(NotDurable Cause) : ReceiveEventResult
    {
        public override AcceptedEvent Event => Cause.Event;
    }
}

/// <summary>Stamps the event, copies its bytes and waits until they are durable.</summary>
internal sealed class ReceiveEventHandler(
    GroupCommit<AcceptedEvent, EnqueueResult> group, ReceiveEventTelemetry telemetry, TimeProvider time,
    KeptHeaders headers, IHostApplicationLifetime process) : IRequestHandler<ReceiveEventCommand, ReceiveEventResult>
{
    // From here on the request's cancellation token is not used: the event is committed even if the sender disconnects.
    public async Task<ReceiveEventResult> Handle(ReceiveEventCommand request, CancellationToken cancellationToken)
    {
        using var publish = telemetry.StartPublish(request.Headers);
        var e = EventOf(request, time.GetUtcNow()) with
        {
            Headers = headers.Of(request.Headers), Traceparent = Activity.Current?.Id,
            RequestId = RequestId.SentIn(request.Headers),
        };
        publish?.SetTag("messaging.message.id", e.AcceptId.ToString());
        if (process.ApplicationStopping.IsCancellationRequested)
            return new ReceiveEventResult.Unavailable(NotDurable.Stopping(e));
        if (group.TryCommit(e) is not { } durable) return new ReceiveEventResult.Unavailable(NotDurable.TooManyWaiting(e));

        try
        {
            var enqueued = await durable;
            return enqueued.Status == EnqueueStatus.NotDurable
                ? new ReceiveEventResult.Unavailable(NotDurable.Unconfirmed(e))
                : new ReceiveEventResult.Accepted(e, enqueued);
        }
        catch (Exception fault)
        {
            return new ReceiveEventResult.Unavailable(NotDurable.By(fault, e));
        }
    }

    /// <summary>The event of a valid body.</summary>
    public static AcceptedEvent EventOf(ReceiveEventCommand request, DateTimeOffset now)
    {
        var type = EventTypeText.Parse(request.Event.Type)!.Value;
        return new AcceptedEvent
        {
            AcceptId = Guid.CreateVersion7(now),
            Key = new EventKey(request.Event.ShippingCompanyId!, request.Event.EventId!),
            MerchantId = request.Event.MerchantId!,
            ShipmentId = request.Event.ShipmentId!,
            Type = type,
            OccurredAt = IsoTime.Parse(request.Event.OccurredAt!)!.Value,
            ReceivedAt = now,
            EffectiveAt = BuiltInBody.EffectiveAtOf(type, request.Event.OccurredAt!),
            SecretId = request.SecretId,
            Details = request.Event.Details,
            Body = request.Body.ToArray(),
        };
    }
}
