using System.Diagnostics;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Hosting;
using Gateway.Shared.Time;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <param name="Event">What the body says.</param>
/// <param name="Body">The signed bytes; valid until the request ends.</param>
/// <param name="Headers">The request's headers.</param>
internal sealed record ReceiveEventCommand(ReceiveEventDto Event, ReadOnlyMemory<byte> Body, IHeaderDictionary Headers)
    : IRequest<ReceiveEventResult>;

/// <param name="Key">Names the event from now on.</param>
/// <param name="Enqueued">What the queue answered; not durable also when there is no room, or the process stops.</param>
internal readonly record struct ReceiveEventResult(EventKey Key, EnqueueResult Enqueued);

/// <summary>Stamps the event, copies its bytes and waits until they are durable. Nothing else happens at the door.</summary>
internal sealed class ReceiveEventHandler(
    GroupCommit<AcceptedEvent, EnqueueResult> group, EnqueueTelemetry telemetry, TimeProvider time, IOptions<WebhookOptions> options,
    IHostApplicationLifetime process) : IRequestHandler<ReceiveEventCommand, ReceiveEventResult>
{
    private const int MaxKeptHeader = 512;

    private readonly string[] _keptHeaders = [.. options.Value.KeptHeaders];

    // No request token from here on: a courier may hang up, its event is committed all the same.
    public async Task<ReceiveEventResult> Handle(ReceiveEventCommand request, CancellationToken cancellationToken)
    {
        using var publish = telemetry.Begin();
        var e = Stamp(request);
        publish?.SetTag("messaging.message.id", e.AcceptId.ToString());
        if (process.ApplicationStopping.IsCancellationRequested) return NotTaken(e, "the process stops");
        if (group.TryCommit(e) is not { } durable) return NotTaken(e, "all places are taken");

        try
        {
            var enqueued = await durable;
            telemetry.Answered(e, enqueued);
            return new ReceiveEventResult(e.Key, enqueued);
        }
        catch (Exception fault)
        {
            // Whatever it is, the event is not known to be durable, and the courier is told so and nothing else.
            telemetry.Failed(e, fault);
            return new ReceiveEventResult(e.Key, EnqueueResult.NotDurable);
        }
    }

    private ReceiveEventResult NotTaken(AcceptedEvent e, string reason)
    {
        telemetry.NotTaken(e, reason);
        return new ReceiveEventResult(e.Key, EnqueueResult.NotDurable);
    }

    private AcceptedEvent Stamp(ReceiveEventCommand request)
    {
        var now = time.GetUtcNow();
        return new AcceptedEvent
        {
            AcceptId = Guid.CreateVersion7(now),
            Key = new EventKey(request.Event.ShippingCompanyId!, request.Event.EventId!),
            MerchantId = request.Event.MerchantId!,
            ShipmentId = request.Event.ShipmentId!,
            Type = EventTypeText.Parse(request.Event.Type)!.Value,
            OccurredAt = IsoTime.Parse(request.Event.OccurredAt!)!.Value,
            ReceivedAt = now,
            Body = request.Body.ToArray(),
            Headers = Keep(request.Headers),
            Traceparent = Activity.Current?.Id,
        };
    }

    private string? Keep(IHeaderDictionary headers)
    {
        Dictionary<string, string>? kept = null;
        foreach (var name in _keptHeaders)
        {
            if (!headers.TryGetValue(name, out var value)) continue;
            var text = value.ToString();
            (kept ??= []).Add(name, text.Length <= MaxKeptHeader ? text : text[..MaxKeptHeader]);
        }

        return kept is null ? null : JsonSerializer.Serialize(kept, EventJson.Default.DictionaryStringString);
    }
}
