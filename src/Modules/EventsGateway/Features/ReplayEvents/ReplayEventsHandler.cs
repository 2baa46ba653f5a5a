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

/// <summary>Exactly one of keys and filter must be given.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReplayEventsDto
{
    public IReadOnlyList<string>? Keys { get; init; }

    public EventFilterDto? Filter { get; init; }

    /// <summary>With a filter: the maximum number, 1 to 10,000; 10,000 by default.</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// With a filter: the asOf of an earlier response. Events that were replayed since then are skipped, so that a replay in
    /// several calls replays each event once, even if it fails again at once.
    /// </summary>
    public string? AsOf { get; init; }
}

/// <param name="Replayed">Events that are pending again.</param>
/// <param name="Remaining">Failed events that match and remain for the next call.</param>
/// <param name="AsOf">For the next call; absent if keys were given.</param>
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
        RuleFor(command => command.Replay.Filter!)
            .Must(filter => filter.Status is null or "failed" || filter is { Status: "processed", Outcome: EventOutcome.Late })
            .When(command => command.Replay.Filter is not null)
            .OverridePropertyName("filter.status")
            .WithMessage("filter.status must be failed, or processed with the outcome late: only such events are replayed");
        RuleFor(command => command.Replay.Filter!.Outcome)
            .Must(outcome => outcome is null or EventOutcome.Late || FailureReasonText.All.Contains(outcome))
            .When(command => command.Replay.Filter?.Outcome is { } outcome && EventOutcome.All.Contains(outcome))
            .OverridePropertyName("filter.outcome")
            .WithMessage($"filter.outcome must be {EventOutcome.Late}, {FailureReasonText.OneOf}: only such events are replayed");
        RuleFor(command => command.Replay.Limit)
            .Must((command, limit) => limit is null
                || (command.Replay.Keys is null && limit is >= 1 and <= ReplayEventsCommand.MaxPerCall))
            .OverridePropertyName("limit")
            .WithMessage($"limit must be a number from 1 to {ReplayEventsCommand.MaxPerCall} and needs a filter");
        RuleFor(command => command.Replay.AsOf)
            .Must((command, asOf) => asOf is null || (command.Replay.Keys is null && IsoTime.Parse(asOf) is not null))
            .OverridePropertyName("asOf").WithMessage("asOf must be the asOf of an earlier response and needs a filter");
    }
}

/// <summary>The same transition as a resubmission: a failed or late event becomes pending in a new generation.</summary>
internal sealed class ReplayEventsHandler(
    IEventRepository events, AuditWriter audit, WorkSignal work, GatewayMetrics metrics, ILogger<ReplayEventsHandler> log)
    : IRequestHandler<ReplayEventsCommand, ReplayEventsResponse>
{
    private static readonly JsonSerializerOptions WithoutNulls =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public async Task<ReplayEventsResponse> Handle(ReplayEventsCommand request, CancellationToken cancellationToken)
    {
        var replay = await audit.RunAsync(
            request.By, AuditAction.Replay, Describe(request.Replay), () => RequeueAsync(request.Replay, request.By.Who),
            result => $"{result.Replayed} replayed, {result.Remaining} remain");
        work.Raise();
        metrics.AddReplayed(replay.Replayed);
        EventsGatewayLog.Replayed(log, replay.Replayed, replay.Remaining);
        return new ReplayEventsResponse(replay.Replayed, replay.Remaining, replay.AsOf is { } asOf ? IsoTime.Text(asOf) : null);
    }

    // Ids as hashes, because the audit log keeps them longer than an erasure allows.
    private static string Describe(ReplayEventsDto replay) => replay.Filter is not { } filter
        ? replay.Keys!.Count == 1 ? "1 key" : $"{replay.Keys.Count} keys"
        : "filter " + JsonSerializer.Serialize(
            filter with
            {
                EventId = AuditWriter.Redact(filter.EventId),
                ShipmentId = AuditWriter.Redact(filter.ShipmentId),
                MerchantId = AuditWriter.Redact(filter.MerchantId),
            },
            WithoutNulls);

    private Task<ReplayResult> RequeueAsync(ReplayEventsDto replay, string by) => replay.Keys is { } keys
        ? events.RequeueAsync([.. keys.Select(KeyOf)], by)
        : events.RequeueAsync(
            replay.Filter!.ToFilter(), replay.Limit ?? ReplayEventsCommand.MaxPerCall, by,
            replay.AsOf is null ? null : IsoTime.Parse(replay.AsOf));

    private static EventKey KeyOf(string text) => EventKey.TryParse(text, out var key)
        ? key.Value
        : throw new ArgumentException($"'{text}' is not an event key.", nameof(text));
}
