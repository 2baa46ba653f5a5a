using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Hosting;
using Gateway.Shared.Time;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ReplayEvents;

/// <summary>Exactly one of the two.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReplayEventsDto
{
    public IReadOnlyList<string>? Keys { get; init; }

    public EventFilterDto? Filter { get; init; }

    /// <summary>With a filter: how many at most, 1 to 10,000 (10,000).</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// With a filter, what an earlier answer said: events that were replayed since are left alone, so that a replay in
    /// several steps takes each once, even if it fails again at once.
    /// </summary>
    public string? AsOf { get; init; }
}

/// <param name="Replayed">Failed events that are pending again.</param>
/// <param name="Remaining">Failed events that match and are left for the next call.</param>
/// <param name="AsOf">For the next call; left out where events were named by their keys.</param>
public sealed record ReplayEventsResponse(
    int Replayed, int Remaining, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AsOf);

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
        RuleFor(command => command.Replay.Filter!.Outcome).Must(outcome => outcome is null || FailureReasonText.All.Contains(outcome))
            .When(command => command.Replay.Filter?.Outcome is { } outcome && EventOutcome.All.Contains(outcome))
            .OverridePropertyName("filter.outcome").WithMessage($"filter.outcome must be {FailureReasonText.OneOf}: nothing else is replayed");
        RuleFor(command => command.Replay.Limit)
            .Must((command, limit) => limit is null || (command.Replay.Keys is null && limit is >= 1 and <= ReplayEventsCommand.MaxPerCall))
            .OverridePropertyName("limit").WithMessage($"limit must be a number from 1 to {ReplayEventsCommand.MaxPerCall}, and goes with a filter only");
        RuleFor(command => command.Replay.AsOf)
            .Must((command, asOf) => asOf is null || (command.Replay.Keys is null && IsoTime.Parse(asOf) is not null))
            .OverridePropertyName("asOf").WithMessage("asOf must be the asOf of an earlier answer, and goes with a filter only");
    }
}

/// <summary>The same transition as a sender's re-send: failed to pending, as a new life.</summary>
internal sealed class ReplayEventsHandler(
    IEventRepository events, AuditWriter audit, WorkSignal work, GatewayMetrics metrics, ILogger<ReplayEventsHandler> log)
    : IRequestHandler<ReplayEventsCommand, ReplayEventsResponse>
{
    private static readonly JsonSerializerOptions Brief = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public async Task<ReplayEventsResponse> Handle(ReplayEventsCommand request, CancellationToken cancellationToken)
    {
        var revived = await audit.DoAsync(
            request.By, AuditAction.Replay, Described(request.Replay), () => RequeueAsync(request.Replay, request.By.Who), did => $"{did.Replayed} replayed, {did.Remaining} remain");
        work.Raise();
        metrics.AddReplayed(revived.Replayed);
        EventsGatewayLog.Replayed(log, revived.Replayed, revived.Remaining);
        return new ReplayEventsResponse(revived.Replayed, revived.Remaining, revived.AsOf is { } asOf ? IsoTime.Text(asOf) : null);
    }

    // Ids of people's shipments do not outlive their erasure in here.
    private static string Described(ReplayEventsDto replay) => replay.Filter is not { } filter
        ? replay.Keys!.Count == 1 ? "1 key" : $"{replay.Keys.Count} keys"
        : "filter " + JsonSerializer.Serialize(
            filter with
            {
                EventId = AuditWriter.Redact(filter.EventId), ShipmentId = AuditWriter.Redact(filter.ShipmentId), MerchantId = AuditWriter.Redact(filter.MerchantId),
            },
            Brief);

    private Task<ReplayResult> RequeueAsync(ReplayEventsDto replay, string by) => replay.Keys is { } keys
        ? events.RequeueAsync([.. keys.Select(KeyOf)], by)
        : events.RequeueAsync(
            replay.Filter!.ToFilter(), replay.Limit ?? ReplayEventsCommand.MaxPerCall, by, replay.AsOf is null ? null : IsoTime.Parse(replay.AsOf));

    private static EventKey KeyOf(string text) => EventKey.TryParse(text, out var key)
        ? key.Value
        : throw new ArgumentException($"'{text}' is no key.", nameof(text));
}
