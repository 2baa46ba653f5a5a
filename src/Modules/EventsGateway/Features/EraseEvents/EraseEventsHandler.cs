using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.EraseEvents;

/// <summary>Either a shipment or a merchant must be given.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EraseEventsDto
{
    public string? ShipmentId { get; init; }

    /// <summary>The courier of the shipment; needed where several couriers use its number.</summary>
    public string? ShippingCompanyId { get; init; }

    public string? MerchantId { get; init; }
}

/// <param name="Erased">Removed events.</param>
/// <param name="Shipments">Removed shipments.</param>
/// <param name="Remaining">Events that remain for the next call.</param>
/// <param name="Containers">Removed containers: unmapped requests that name the shipment or merchant.</param>
public sealed record EraseEventsResponse(int Erased, int Shipments, int Remaining, int Containers);

internal sealed record EraseEventsCommand(EraseEventsDto Subject, Caller By) : IRequest<EraseEventsResponse>
{
    public const int MaxPerCall = 10_000;

    /// <summary>Of one write, so that other writes are not delayed.</summary>
    public const int ContainersPerWrite = 100;
}

internal sealed class EraseEventsValidator : AbstractValidator<EraseEventsCommand>
{
    public EraseEventsValidator()
    {
        RuleFor(command => command.Subject).Must(subject => subject.ShipmentId is null != subject.MerchantId is null)
            .OverridePropertyName("shipmentId").WithMessage("exactly one of shipmentId and merchantId must be given");
        RuleFor(command => command.Subject).Must(subject => subject.ShippingCompanyId is null || subject.ShipmentId is not null)
            .OverridePropertyName("shippingCompanyId").WithMessage("shippingCompanyId needs a shipmentId");
        RuleFor(command => command.Subject).Custom((subject, context) =>
        {
            Check("shipmentId", subject.ShipmentId);
            Check("merchantId", subject.MerchantId);
            Check("shippingCompanyId", subject.ShippingCompanyId);

            void Check(string name, string? id)
            {
                if (id is not null && FieldRules.ValidateId(id) is { } error) context.AddFailure(name, $"{name} {error}");
            }
        });
    }
}

internal sealed class EraseEventsHandler(
    IEventErasure erasure, ContainerSearch search, AuditWriter audit, GatewayMetrics metrics, ILogger<EraseEventsHandler> log)
    : IRequestHandler<EraseEventsCommand, EraseEventsResponse>
{
    public async Task<EraseEventsResponse> Handle(EraseEventsCommand request, CancellationToken cancellationToken)
    {
        var subject = new ErasureSubject(
            request.Subject.ShipmentId, request.Subject.MerchantId, request.Subject.ShippingCompanyId);
        var containers = await search.FindAsync(subject, cancellationToken);
        await RequireOneCourierAsync(subject, containers, cancellationToken);
        // The id itself is erased too, so the audit log has its hash.
        var what = subject.ShipmentId is { } id
            ? $"shipment {AuditWriter.Redact(id)}"
            : $"merchant {AuditWriter.Redact(subject.MerchantId)}";
        var erased = await audit.RunAsync(
            request.By, AuditAction.Erase, what, () => EraseAsync(subject, containers),
            result => $"{result.Erased} events, {result.Containers} containers and {result.Shipments} shipments erased, "
                + $"{result.Remaining} events remain");
        metrics.AddErased(erased.Erased);
        OperationsLog.Erased(log, erased.Erased, erased.Containers, erased.Shipments, erased.Remaining);
        return erased;
    }

    private async Task<EraseEventsResponse> EraseAsync(ErasureSubject subject, IReadOnlyList<FoundContainer> containers)
    {
        // The containers first: until then a replay may add events of the subject.
        var ended = 0;
        foreach (var some in containers.Chunk(EraseEventsCommand.ContainersPerWrite))
            ended += await erasure.EraseContainersAsync([.. some.Select(one => one.Key)]);
        var erased = await erasure.EraseAsync(subject, EraseEventsCommand.MaxPerCall);
        return new EraseEventsResponse(erased.Events, erased.Shipments, erased.Remaining, ended);
    }

    /// <summary>Couriers use the same numbers: an erasure must not remove what it does not mean.</summary>
    private async Task RequireOneCourierAsync(
        ErasureSubject subject, IReadOnlyList<FoundContainer> containers, CancellationToken cancellationToken)
    {
        if (subject is not { ShipmentId: { } shipment, ShippingCompanyId: null }) return;
        var couriers = (await erasure.CouriersOfAsync(shipment, cancellationToken))
            .Union(containers.Select(one => one.Source)).Order(StringComparer.Ordinal).ToList();
        if (couriers.Count < 2) return;
        throw new RequestRejectedException(
            StatusCodes.Status400BadRequest,
            $"Several couriers have a shipment {shipment}: name one as shippingCompanyId ({string.Join(", ", couriers)})");
    }
}
