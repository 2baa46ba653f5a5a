using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.ReopenShipment;

/// <param name="Cycle">The cycle that begins.</param>
/// <param name="Since">Events that were received until then belong to an earlier cycle.</param>
public sealed record ReopenShipmentResponse(int Cycle, string Since);

internal sealed record ReopenShipmentCommand(string Key, Caller By) : IRequest<ReopenShipmentResponse?>;

/// <summary>Corrects a shipment that an event has ended by mistake.</summary>
internal sealed class ReopenShipmentHandler(IShipmentRepository shipments, AuditWriter audit)
    : IRequestHandler<ReopenShipmentCommand, ReopenShipmentResponse?>
{
    public async Task<ReopenShipmentResponse?> Handle(ReopenShipmentCommand request, CancellationToken cancellationToken)
    {
        if (ShipmentKey.Parse(request.Key) is not { } key) return null;
        // A hash, because the audit log keeps it longer than an erasure allows.
        var reopened = await audit.RunAsync(
            request.By, AuditAction.ReopenShipment, $"shipment {AuditWriter.Redact(key.ShipmentId)}",
            () => shipments.ReopenAsync(key), shipment => shipment is null ? "not found" : $"cycle {shipment.Cycle} begins");
        return reopened is null ? null : new ReopenShipmentResponse(reopened.Cycle, IsoTime.Text(reopened.Since!.Value));
    }
}
