using Gateway.EventsGateway.Audit;
using Gateway.Shared.Idempotency;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ForgetSeen;

/// <param name="Forgotten">Keys that the door knew.</param>
public sealed record ForgetSeenResponse(long Forgotten);

internal sealed record ForgetSeenCommand(Caller By) : IRequest<ForgetSeenResponse>;

/// <param name="filters">None in the profile Embedded, where the route is not there either: the row itself is what the door has seen.</param>
/// <param name="audit">Keeps who did it.</param>
/// <param name="log">Tells that it was done.</param>
internal sealed class ForgetSeenHandler(IEnumerable<IIdempotencyService> filters, AuditTrail audit, ILogger<ForgetSeenHandler> log)
    : IRequestHandler<ForgetSeenCommand, ForgetSeenResponse>
{
    public async Task<ForgetSeenResponse> Handle(ForgetSeenCommand request, CancellationToken cancellationToken)
    {
        var forgotten = await audit.DoAsync(
            request.By, AuditAction.ForgetSeen, "all seen keys", () => ForgetAsync(cancellationToken), keys => $"{keys} forgotten");
        EventsGatewayLog.SeenForgotten(log, forgotten);
        return new ForgetSeenResponse(forgotten);
    }

    private async Task<long> ForgetAsync(CancellationToken cancellationToken)
    {
        var forgotten = 0L;
        foreach (var filter in filters) forgotten += await filter.ForgetAllAsync(cancellationToken);
        return forgotten;
    }
}
