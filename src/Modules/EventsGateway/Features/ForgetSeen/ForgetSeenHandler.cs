using Gateway.Shared.Idempotency;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ForgetSeen;

/// <param name="Forgotten">Keys that the door knew.</param>
public sealed record ForgetSeenResponse(long Forgotten);

internal sealed record ForgetSeenCommand : IRequest<ForgetSeenResponse>;

/// <param name="filters">None in the profile Embedded: there the row itself is what the door has seen.</param>
/// <param name="log">Tells that it was done.</param>
internal sealed class ForgetSeenHandler(IEnumerable<IIdempotencyService> filters, ILogger<ForgetSeenHandler> log)
    : IRequestHandler<ForgetSeenCommand, ForgetSeenResponse>
{
    public async Task<ForgetSeenResponse> Handle(ForgetSeenCommand request, CancellationToken cancellationToken)
    {
        var forgotten = 0L;
        foreach (var filter in filters) forgotten += await filter.ForgetAllAsync(cancellationToken);
        EventsGatewayLog.SeenForgotten(log, forgotten);
        return new ForgetSeenResponse(forgotten);
    }
}
