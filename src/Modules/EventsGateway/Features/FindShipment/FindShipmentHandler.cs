using FluentValidation;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.FindShipment;

public sealed record ShipmentResponse
{
    internal ShipmentResponse(ShipmentEntity shipment, EventPage page)
    {
        Key = shipment.Key.ToString();
        ShippingCompanyId = shipment.Key.ShippingCompanyId;
        ShipmentId = shipment.Key.ShipmentId;
        MerchantId = shipment.MerchantId.Length == 0 ? null : shipment.MerchantId;
        Status = shipment.Status;
        Cycle = shipment.Cycle;
        Since = TextOf(shipment.Since);
        CreatedAt = TextOf(shipment.CreatedAt);
        LastEventAt = TextOf(shipment.LastEventAt);
        EndedAt = shipment.EndedAt;
        EndReceivedAt = TextOf(shipment.EndReceivedAt);
        EndedBy = shipment.EndedBy?.ToString();
        (Items, NextCursor) = (page.Items, page.NextCursor);
    }

    public string Key { get; }

    public string ShippingCompanyId { get; }

    public string ShipmentId { get; }

    /// <summary>Of its first event; null after retention has trimmed the shipment.</summary>
    public string? MerchantId { get; }

    /// <summary>ACTIVE, COMPLETED or CANCELLED; another text was stored by another program, and its events fail.</summary>
    public string Status { get; }

    /// <summary>1 for the first use of the number; a reopen, or a new use, adds 1.</summary>
    public int Cycle { get; }

    /// <summary>Events that were received until then belong to an earlier cycle; null in the first one.</summary>
    public string? Since { get; }

    public string? CreatedAt { get; }

    /// <summary>The latest time of its events in this cycle.</summary>
    public string? LastEventAt { get; }

    /// <summary>The time of the event that ended it; null where it has not ended, or the original ended it.</summary>
    public string? EndedAt { get; }

    /// <summary>When its first DELIVERED or CANCELLED event was received.</summary>
    public string? EndReceivedAt { get; }

    /// <summary>The key of the event that ended it.</summary>
    public string? EndedBy { get; }

    /// <summary>Its events of all cycles, newest first.</summary>
    public IReadOnlyList<EventSummaryDto> Items { get; }

    /// <summary>The cursor of the next page; null on the last page.</summary>
    public string? NextCursor { get; }

    private static string? TextOf(DateTimeOffset? at) => at is { } known ? IsoTime.Text(known) : null;
}

internal sealed record FindShipmentQuery(string Key, string? Limit, string? Cursor) : IRequest<ShipmentResponse?>
{
    public int? PageSize => Features.PageSize.Of(Limit);

    public EventCursor? After => Cursor is null ? null : EventCursorText.Parse(Cursor);
}

internal sealed class FindShipmentValidator : AbstractValidator<FindShipmentQuery>
{
    public FindShipmentValidator()
    {
        RuleFor(query => query.PageSize).MustBeAPageSize();
        RuleFor(query => query.After).MustBeACursor(query => query.Cursor);
    }
}

internal sealed class FindShipmentHandler(IShipmentRepository shipments, IEventQueries events)
    : IRequestHandler<FindShipmentQuery, ShipmentResponse?>
{
    public async Task<ShipmentResponse?> Handle(FindShipmentQuery request, CancellationToken cancellationToken)
    {
        if (ShipmentKey.Parse(request.Key) is not { } key) return null;
        if (await shipments.FindAsync(key, cancellationToken) is not { } shipment) return null;
        var limit = request.PageSize!.Value;
        var filter = new EventFilter { ShippingCompanyId = key.ShippingCompanyId, ShipmentId = key.ShipmentId };
        var found = await events.ListAsync(filter, request.After, limit + 1, cancellationToken);
        return new ShipmentResponse(shipment, EventPage.Of(found, limit));
    }
}
