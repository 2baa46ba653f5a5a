using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.DismissEvents;

/// <summary>A filter selects failed events; with the status pending it selects pending ones.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DismissEventsDto : EventSelectionDto;

/// <param name="Dismissed">Events that are dismissed now.</param>
/// <param name="InWork">Pending events that a worker has claimed: they stay pending.</param>
/// <param name="ShipmentsEnded">Shipments that a dismissed event has ended: they stay ended until they are reopened.</param>
/// <param name="Remaining">Events that match and remain for the next call.</param>
public sealed record DismissEventsResponse(int Dismissed, int InWork, int ShipmentsEnded, int Remaining);

internal sealed record DismissEventsCommand(DismissEventsDto Dismissal, Caller By) : IRequest<DismissEventsResponse>;

internal sealed class DismissEventsValidator : AbstractValidator<DismissEventsCommand>
{
    public DismissEventsValidator()
    {
        RuleFor(command => command.Dismissal).SetValidator(new EventSelectionRules()).OverridePropertyName("");
        RuleFor(command => command.Dismissal.Filter!.Status).Must(status => status is null or "failed" or "pending")
            .When(command => command.Dismissal.Filter is not null)
            .OverridePropertyName("filter.status")
            .WithMessage("filter.status must be failed or pending: only such events are dismissed");
        RuleFor(command => command.Dismissal.Filter!)
            .Must(filter => filter.Status != "pending" || (filter.LastError is null && filter.Outcome is null))
            .When(command => command.Dismissal.Filter is not null)
            .OverridePropertyName("filter.status")
            .WithMessage("filter.status must not be pending beside outcome or lastError: pending events have neither");
    }
}

internal sealed class DismissEventsHandler(
    IEventDismissal events, AuditWriter audit, GatewayMetrics metrics, ILogger<DismissEventsHandler> log)
    : IRequestHandler<DismissEventsCommand, DismissEventsResponse>
{
    public async Task<DismissEventsResponse> Handle(DismissEventsCommand request, CancellationToken cancellationToken)
    {
        var (dismissal, by) = (request.Dismissal, request.By.Who);
        if (dismissal.IsPreview) return ResponseOf(await DismissAsync(dismissal, by));
        var dismissed = await audit.RunAsync(
            request.By, AuditAction.Dismiss, dismissal.Describe(), () => DismissAsync(dismissal, by),
            result => $"{result.Dismissed} dismissed, {result.InWork} in work, {result.Remaining} remain");
        metrics.AddDismissed(dismissed.Dismissed);
        OperationsLog.Dismissed(log, dismissed.Dismissed, dismissed.InWork, dismissed.Remaining);
        return ResponseOf(dismissed);
    }

    private Task<DismissResult> DismissAsync(DismissEventsDto dismissal, string by) => dismissal.Filter is { } filter
        ? events.DismissAsync(filter.ToFilter(), dismissal.AtMost, by)
        : events.DismissAsync(dismissal.EventKeys(), by);

    private static DismissEventsResponse ResponseOf(DismissResult result)
        => new(result.Dismissed, result.InWork, result.ShipmentsEnded, result.Remaining);
}
