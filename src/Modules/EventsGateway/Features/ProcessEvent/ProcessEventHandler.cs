using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using MediatR;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <param name="Claimed">The event, held by its claim for one lease.</param>
/// <param name="DrainEnded">Cancelled when the process ends without waiting for writes.</param>
internal sealed record ProcessEventCommand(ClaimedEvent Claimed, CancellationToken DrainEnded) : IRequest;

/// <summary>
/// One attempt: apply the event to its shipment, take the routing decision, call the routing service, save the outcome once.
/// <see cref="CountingPolicy"/> says which calls count against the event.
/// </summary>
internal sealed class ProcessEventHandler(
    GroupCommit<EventEntity, ShipmentEntity> shipmentUpdates, RoutingDecisionPolicy decisions, RoutingServiceClient routing,
    AttemptOutcomePolicy policy, ContainerMapping containers, RecentCalls recent, CallSlots slots, OutcomeWriter outcomes,
    ProcessEventTelemetry telemetry, TimeProvider time)
    : IRequestHandler<ProcessEventCommand>
{
    public async Task<Unit> Handle(ProcessEventCommand request, CancellationToken cancellationToken)
    {
        var attempt = new Attempt(request.Claimed, time);
        using var span = telemetry.Begin(attempt.Event);
        var outcome = await TryAsync(attempt, cancellationToken);
        var isSaved = await slots.AtStoreAsync(outcomes.SaveAsync(outcome, request.DrainEnded));
        telemetry.Ended(attempt, outcome, isSaved, span);
        return Unit.Value;
    }

    private async Task<AttemptOutcome> TryAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            if (attempt.Event.IsContainer) return await containers.MapAsync(attempt);
            var shipment = await slots.AtStoreAsync(shipmentUpdates.CommitAsync(attempt.Event, cancellationToken));
            switch (decisions.DecisionFor(attempt.Event, shipment))
            {
                case RoutingDecision.Late: return AttemptOutcomePolicy.Late(attempt);
                case RoutingDecision.ShipmentEnded: return AttemptOutcomePolicy.ShipmentEnded(attempt, shipment);
            }

            if (!await slots.TryTakeAsync(cancellationToken)) return attempt.Released(ReleasePolicy.Wait, "all calls are taken");
            try
            {
                return await CallAsync(attempt, cancellationToken);
            }
            finally
            {
                slots.Return();
            }
        }
        catch (BackendUnavailableException fault)
        {
            telemetry.StoreFault(fault);
            return attempt.Released(ReleasePolicy.Wait, fault.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return AttemptOutcomePolicy.CutOff(attempt);
        }
    }

    private async Task<AttemptOutcome> CallAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var began = attempt.Now;
        var response = await routing.RouteAsync(attempt.Event, cancellationToken);
        var (key, now) = (attempt.Event.Key, attempt.Now);
        var known = recent.At(now, key);
        if (response.Class != ResponseClass.NotCalled)
            recent.Add(key, began, now, response.Class == ResponseClass.Routed);
        return policy.Decide(attempt, response, known, cancellationToken.IsCancellationRequested);
    }
}
