using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.EventsGateway.Events;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Telemetry;
using Gateway.Shared;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ReplayEvents;

/// <summary>Exactly one of the two.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReplayEventsDto
{
    public IReadOnlyList<string>? Keys { get; init; }

    public EventFilterDto? Filter { get; init; }
}

/// <param name="Replayed">Failed events that are pending again.</param>
/// <param name="Remaining">Failed events that match and are left for the next call.</param>
public sealed record ReplayEventsResponse(int Replayed, int Remaining);

internal sealed record ReplayEventsCommand(ReplayEventsDto Replay, Caller By) : IRequest<ReplayEventsResponse>
{
    public const int MaxPerCall = 10_000;
}

internal sealed class ReplayEventsValidator : AbstractValidator<ReplayEventsCommand>
{
    public ReplayEventsValidator()
    {
        RuleFor(command => command.Replay).Must(replay => replay.Keys is null != replay.Filter is null)
            .OverridePropertyName("keys").WithMessage("exactly one of keys and filter must be given");
        RuleFor(command => command.Replay.Keys).Must(keys => keys!.Count <= ReplayEventsCommand.MaxPerCall)
            .When(command => command.Replay.Keys is not null)
            .OverridePropertyName("keys").WithMessage($"keys must be at most {ReplayEventsCommand.MaxPerCall}");
        RuleForEach(command => command.Replay.Keys).Must(key => key is not null && EventKey.TryParse(key, out _))
            .OverridePropertyName("keys").WithMessage("keys must contain keys of events only");
        RuleFor(command => command.Replay.Filter!).SetValidator(new EventFilterRules("filter."))
            .When(command => command.Replay.Filter is not null).OverridePropertyName("");
        RuleFor(command => command.Replay.Filter!.Status).Must(status => status is null or "failed")
            .When(command => command.Replay.Filter is not null)
            .OverridePropertyName("filter.status").WithMessage("filter.status can only be failed: nothing else is replayed");
    }
}

/// <summary>The same transition as a sender's re-send: failed to pending, as a new life.</summary>
internal sealed class ReplayEventsHandler(
    IEventRepository events, AuditTrail audit, WorkSignal work, GatewayMetrics metrics, ILogger<ReplayEventsHandler> log)
    : IRequestHandler<ReplayEventsCommand, ReplayEventsResponse>
{
    private static readonly JsonSerializerOptions Brief = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public async Task<ReplayEventsResponse> Handle(ReplayEventsCommand request, CancellationToken cancellationToken)
    {
        var revived = await audit.DoAsync(
            request.By, AuditAction.Replay, Described(request.Replay), () => ReviveAsync(request.Replay), did => $"{did.Replayed} replayed, {did.Remaining} remain");
        work.Raise();
        metrics.AddReplayed(revived.Replayed);
        EventsGatewayLog.Replayed(log, revived.Replayed, revived.Remaining);
        return new ReplayEventsResponse(revived.Replayed, revived.Remaining);
    }

    // Ids of people's shipments do not outlive their erasure in here.
    private static string Described(ReplayEventsDto replay) => replay.Filter is not { } filter
        ? $"{replay.Keys!.Count} keys"
        : "filter " + JsonSerializer.Serialize(
            filter with { ShipmentId = AuditTrail.Hidden(filter.ShipmentId), MerchantId = AuditTrail.Hidden(filter.MerchantId) }, Brief);

    private Task<Revived> ReviveAsync(ReplayEventsDto replay) => replay.Keys is { } keys
        ? events.ReviveAsync([.. keys.Select(KeyOf)])
        : events.ReviveAsync(replay.Filter!.ToFilter(), ReplayEventsCommand.MaxPerCall);

    private static EventKey KeyOf(string text) => EventKey.TryParse(text, out var key)
        ? key.Value
        : throw new ArgumentException($"'{text}' is no key.", nameof(text));
}
