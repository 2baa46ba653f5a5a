using Gateway.EventsGateway.Events;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared;
using Gateway.Shared.Errors;
using MediatR;

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
    WorkerWatch watch, TimeProvider time) : IRequestHandler<ProcessEventCommand>
{
    public async Task<Unit> Handle(ProcessEventCommand request, CancellationToken cancellationToken)
    {
        var attempt = new Attempt(request.Claimed, time);
        using var span = watch.Begin(attempt.Event);
        var outcome = await TryAsync(attempt, cancellationToken);
        var isSaved = await outcomes.SaveAsync(outcome, request.LastCall);
        watch.Ended(attempt, outcome, isSaved, span);
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
            watch.StoreFault(fault);
            return attempt.Released(ProcessingOptions.FaultWait, fault.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return AttemptJudge.CutOff(attempt);
        }
    }
}
