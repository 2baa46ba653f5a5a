using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.RabbitMq;
using MediatR;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.NestInterop.Return;

/// <param name="Safe">Nothing below stands in the way.</param>
/// <param name="Reasons">What stands in the way, and what to do.</param>
/// <param name="Pending">Events that only the gateway processes.</param>
/// <param name="QueuedMessages">Messages in the gateway's own queue, which the original does not read.</param>
/// <param name="Failed">Events that the original will not repeat: replay them before.</param>
/// <param name="SharedEventIds">Event ids of several rows, at most 20.</param>
/// <param name="SharedShipmentIds">Shipment ids of several rows, at most 20.</param>
/// <param name="Prepared">The original's unique indexes exist.</param>
public sealed record ReturnResponse(
    bool Safe, IReadOnlyList<string> Reasons, long Pending, long QueuedMessages, long Failed,
    IReadOnlyList<string> SharedEventIds, IReadOnlyList<string> SharedShipmentIds, bool Prepared);

internal sealed record CheckReturnQuery : IRequest<ReturnResponse>;

/// <param name="checks">Empty in the profile Embedded, which has no route for this command.</param>
internal sealed class CheckReturnHandler(IEnumerable<ReturnCheck> checks) : IRequestHandler<CheckReturnQuery, ReturnResponse>
{
    public Task<ReturnResponse> Handle(CheckReturnQuery request, CancellationToken cancellationToken)
        => checks.Single().RunAsync(cancellationToken);
}

internal sealed record PrepareReturnCommand(Caller By) : IRequest<ReturnResponse>;

/// <param name="checks">Empty in the profile Embedded, which has no route for this command.</param>
/// <param name="audit">Records the operator.</param>
internal sealed class PrepareReturnHandler(IEnumerable<ReturnCheck> checks, AuditWriter audit)
    : IRequestHandler<PrepareReturnCommand, ReturnResponse>
{
    public Task<ReturnResponse> Handle(PrepareReturnCommand request, CancellationToken cancellationToken)
        => audit.RunAsync(
            request.By, AuditAction.PrepareReturn, "indexes of the NestJS original",
            () => checks.Single().PrepareAsync(cancellationToken), done => done.Prepared ? "created" : done.Reasons[0]);
}

/// <summary>What the original could not take over.</summary>
internal sealed class ReturnCheck(
    IEventQueries events, IQueuedEvents queue, OriginalIndexes indexes, IOptions<RabbitMqOptions> options)
{
    public async Task<ReturnResponse> RunAsync(CancellationToken cancellationToken)
    {
        var counts = await events.CountAsync(cancellationToken);
        var queued = await queue.CountAsync();
        var eventIds = await indexes.SharedEventIdsAsync(cancellationToken);
        var shipmentIds = await indexes.SharedShipmentIdsAsync(cancellationToken);
        string[] reasons =
        [
            .. options.Value.NestQueue is { Length: > 0 } nest
                ? [$"this worker reads the queue {nest}: restart it without Gateway:RabbitMq:NestQueue"] : (string[])[],
            .. counts.Pending > 0 ? [$"{counts.Pending} events are pending: wait, or dismiss them"] : (string[])[],
            .. queued > 0 ? [$"{queued} messages wait in the queue: stop the gateway's ingest, and wait"] : (string[])[],
            .. Shared("event", eventIds), .. Shared("shipment", shipmentIds),
        ];
        return new ReturnResponse(
            reasons.Length == 0, reasons, counts.Pending, queued, counts.Failed, eventIds, shipmentIds,
            await indexes.ExistAsync(cancellationToken));
    }

    public async Task<ReturnResponse> PrepareAsync(CancellationToken cancellationToken)
    {
        var found = await RunAsync(cancellationToken);
        return found.Safe && !found.Prepared
            ? found with { Prepared = await indexes.CreateAsync(cancellationToken) }
            : found;
    }

    private static IEnumerable<string> Shared(string what, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0) yield break;
        var many = ids.Count == OriginalIndexes.MostIds ? $"{ids.Count} or more" : $"{ids.Count}";
        yield return $"{many} {what} ids have several rows: the original, which knows no shipping company, would mix them";
    }
}
