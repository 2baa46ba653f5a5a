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

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReplayEventsDto : EventSelectionDto
{
    /// <summary>
    /// With a filter: the asOf of an earlier response. Events that were replayed since then are skipped, so that a replay in
    /// several calls replays each event once, even if it fails again at once.
    /// </summary>
    public string? AsOf { get; init; }

    /// <summary>At most so many events become due in any second, 1 to 10,000; absent: all are due at once.</summary>
    public int? PerSecond { get; init; }

    /// <summary>
    /// With perSecond: the nextDueAt of an earlier response. A replay in several calls continues there instead of beginning now.
    /// </summary>
    public string? NextDueAt { get; init; }

    internal const int FastestPerSecond = 10_000;

    internal ReplayRate? Rate => PerSecond is { } perSecond
        ? new ReplayRate(perSecond, NextDueAt is null ? null : IsoTime.Parse(NextDueAt))
        : null;
}

/// <param name="Replayed">Events that are pending again.</param>
/// <param name="Remaining">Failed events that match and remain for the next call.</param>
/// <param name="AsOf">For the next call; absent if keys were given.</param>
/// <param name="NextDueAt">For the next call, and when the last event becomes due; absent without perSecond.</param>
public sealed record ReplayEventsResponse(
    int Replayed, int Remaining, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AsOf,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextDueAt);

internal sealed record ReplayEventsCommand(ReplayEventsDto Replay, Caller By) : IRequest<ReplayEventsResponse>;

internal sealed class ReplayEventsValidator : AbstractValidator<ReplayEventsCommand>
{
    public ReplayEventsValidator()
    {
        RuleFor(command => command.Replay).SetValidator(new EventSelectionRules()).OverridePropertyName("");
        RuleFor(command => command.Replay.Filter!)
            .Must(filter => filter.Outcome == EventOutcome.Late
                ? filter.Status is null or "processed"
                : filter.Status is null or "failed" or "dismissed")
            .When(command => command.Replay.Filter is not null)
            .OverridePropertyName("filter.status")
            .WithMessage("filter.status must be failed, dismissed, or processed with the outcome late: only these are replayed");
        RuleFor(command => command.Replay.Filter!.Outcome)
            .Must(outcome => outcome is null or EventOutcome.Late || FailureReasonText.All.Contains(outcome))
            .When(command => command.Replay.Filter?.Outcome is { } outcome && EventOutcome.All.Contains(outcome))
            .OverridePropertyName("filter.outcome")
            .WithMessage($"filter.outcome must be {EventOutcome.Late}, {FailureReasonText.OneOf}: only such events are replayed");
        RuleFor(command => command.Replay.AsOf)
            .Must((command, asOf) => asOf is null || (command.Replay.Keys is null && IsoTime.Parse(asOf) is not null))
            .OverridePropertyName("asOf").WithMessage("asOf must be the asOf of an earlier response and needs a filter");
        RuleFor(command => command.Replay.PerSecond)
            .Must(perSecond => perSecond is null or (>= 1 and <= ReplayEventsDto.FastestPerSecond))
            .OverridePropertyName("perSecond")
            .WithMessage($"perSecond must be a number from 1 to {ReplayEventsDto.FastestPerSecond}");
        RuleFor(command => command.Replay.NextDueAt)
            .Must((command, at) => at is null || (command.Replay.PerSecond is not null && IsoTime.Parse(at) is not null))
            .OverridePropertyName("nextDueAt")
            .WithMessage("nextDueAt must be the nextDueAt of an earlier response and needs perSecond");
    }
}

/// <summary>The same transition as a resubmission: a failed or late event becomes pending in a new generation.</summary>
internal sealed class ReplayEventsHandler(
    IEventRepository events, AuditWriter audit, WorkSignal work, GatewayMetrics metrics, ILogger<ReplayEventsHandler> log)
    : IRequestHandler<ReplayEventsCommand, ReplayEventsResponse>
{
    public async Task<ReplayEventsResponse> Handle(ReplayEventsCommand request, CancellationToken cancellationToken)
    {
        if (request.Replay.IsPreview) return ResponseOf(await RequeueAsync(request.Replay, request.By.Who));
        var what = request.Replay.Describe()
            + (request.Replay.PerSecond is { } perSecond ? $", {perSecond} per second" : "");
        var replay = await audit.RunAsync(
            request.By, AuditAction.Replay, what, () => RequeueAsync(request.Replay, request.By.Who),
            result => $"{result.Replayed} replayed, {result.Remaining} remain");
        work.Raise();
        metrics.AddReplayed(replay.Replayed);
        OperationsLog.Replayed(log, replay.Replayed, replay.Remaining);
        return ResponseOf(replay);
    }

    private Task<ReplayResult> RequeueAsync(ReplayEventsDto replay, string by) => replay.Filter is not { } filter
        ? events.RequeueAsync(replay.EventKeys(), by, replay.Rate)
        : events.RequeueAsync(
            filter.ToFilter(), replay.AtMost, by, replay.AsOf is null ? null : IsoTime.Parse(replay.AsOf), replay.Rate);

    private static ReplayEventsResponse ResponseOf(ReplayResult replay)
        => new(replay.Replayed, replay.Remaining, TextOf(replay.AsOf), TextOf(replay.NextDueAt));

    private static string? TextOf(DateTimeOffset? at) => at is { } known ? IsoTime.Text(known) : null;
}
