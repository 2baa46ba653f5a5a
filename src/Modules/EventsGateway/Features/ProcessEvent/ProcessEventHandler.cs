using Gateway.EventsGateway.Events;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared;
using Gateway.Shared.Errors;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <param name="Claimed">The event, held by its claim for one lease.</param>
/// <param name="LastCall">Cancelled when the process can wait no longer, not even for a write.</param>
internal sealed record ProcessEventCommand(ClaimedEvent Claimed, CancellationToken LastCall) : IRequest;

/// <summary>
/// One attempt: fold the event into its shipment, read the verdict, route, save the outcome once.
/// An attempt is spent only by an answer, or the silence, of the routing service.
/// </summary>
internal sealed class ProcessEventHandler(
    GroupCommit<EventEntity, ShipmentEntity> folds, RoutingServiceClient routing, AttemptJudge judge, OutcomeWriter outcomes,
    TimeProvider time, ILogger<ProcessEventHandler> log) : IRequestHandler<ProcessEventCommand>
{
    private readonly LogLimiter _faults = new(time);
    private readonly TimeProvider _time = time;

    public async Task<Unit> Handle(ProcessEventCommand request, CancellationToken cancellationToken)
    {
        var attempt = new Attempt(request.Claimed, _time);
        var outcome = await TryAsync(attempt, cancellationToken);
        if (await outcomes.SaveAsync(outcome, request.LastCall)) EventsGatewayLog.Settled(log, attempt.Event, outcome);
        else EventsGatewayLog.ClaimLost(log, attempt.Event.Key);
        return Unit.Value;
    }

    private async Task<AttemptOutcome> TryAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            var shipment = await folds.CommitAsync(attempt.Event, cancellationToken);
            switch (shipment.VerdictOn(attempt.Event))
            {
                case Verdict.Late: return AttemptJudge.Late(attempt);
                case Verdict.Refused: return AttemptJudge.Refused(attempt, shipment);
            }

            var answer = await routing.RouteAsync(attempt.Event, cancellationToken);
            return judge.Judge(attempt, answer, cancellationToken.IsCancellationRequested);
        }
        catch (EngineFaultException fault)
        {
            if (_faults.Allows()) EventsGatewayLog.StoreFault(log, fault.Message, ProcessingOptions.FaultWait);
            return attempt.Released(ProcessingOptions.FaultWait, fault.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return AttemptJudge.CutOff(attempt);
        }
    }
}
