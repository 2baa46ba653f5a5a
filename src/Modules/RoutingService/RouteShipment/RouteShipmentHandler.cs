using Gateway.Shared.Time;
using MediatR;
using Microsoft.Extensions.Options;

namespace Gateway.RoutingService.RouteShipment;

internal sealed record RouteShipmentCommand(string? IdempotencyKey) : IRequest<RouteShipmentOutcome>;

/// <summary>Either the route or the injected failure.</summary>
internal sealed record RouteShipmentOutcome(RouteShipmentResponse? Route, RoutingFailure? Failure);

internal sealed class RouteShipmentHandler(RoutingLedger ledger, IOptions<RoutingServiceOptions> options, TimeProvider time)
    : IRequestHandler<RouteShipmentCommand, RouteShipmentOutcome>
{
    public async Task<RouteShipmentOutcome> Handle(RouteShipmentCommand command, CancellationToken cancellationToken)
    {
        ledger.CountRequest();
        var failure = RoutingFailures.Draw(Random.Shared, options.Value);
        var wait = failure is RoutingFailure.Timeout ? options.Value.TimeoutMs : options.Value.DelayMs;

        // Throws when the client disconnects: without a response no answer is counted.
        await Task.Delay(TimeSpan.FromMilliseconds(wait), time, cancellationToken);
        return failure is null ? new(Route(command.IdempotencyKey), null) : new(null, failure);
    }

    private RouteShipmentResponse Route(string? key)
    {
        var now = time.GetUtcNow();
        return new RouteShipmentResponse
        {
            Routed = true,
            RouteId = string.IsNullOrWhiteSpace(key) ? RouteId.Of(now) : CountedRouteOf(key),
            ProcessedAt = IsoTime.Text(now),
        };
    }

    private string CountedRouteOf(string key)
    {
        var hash = RouteId.HashOf(key);
        ledger.CountAnswer(hash, key);
        return RouteId.Of(hash);
    }
}
