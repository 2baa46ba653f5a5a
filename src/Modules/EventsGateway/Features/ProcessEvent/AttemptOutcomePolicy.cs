using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>Decides the outcome of an attempt from the routing decision or the routing response.</summary>
internal sealed class AttemptOutcomePolicy(RetrySchedule retries, DeadlinePolicy deadline, RoutingPauses pauses)
{
    public static AttemptOutcome Late(Attempt attempt) => attempt.Late();

    public static AttemptOutcome ShipmentEnded(Attempt attempt, ShipmentEntity shipment)
        => attempt.ShipmentEnded(
            shipment.HasEnded
                ? $"shipment {shipment.Key.ShipmentId} is {shipment.Status} since {shipment.EndedAt ?? "before"}"
                : $"shipment {shipment.Key.ShipmentId} has the status {shipment.Status}, which this gateway does not know");

    /// <summary>The process stops, or the attempt exceeds its time: it is not counted.</summary>
    public static AttemptOutcome CutOff(Attempt attempt) => attempt.Abandoned("cut off by this process", ReleasePolicy.Wait);

    public AttemptOutcome Decide(Attempt attempt, RoutingResponse response, CallKnowledge known, bool cutOff)
        => response.Class switch
        {
            ResponseClass.NotCalled => attempt.Released(response.RetryAfter ?? ReleasePolicy.Wait, response.Error),
            ResponseClass.Routed => attempt.Routed(response),
            // Our own stop may have closed the connection.
            _ when cutOff && response.Result == AttemptResult.ConnectionLost => CutOff(attempt),
            _ => NotRouted(attempt, response, FailedCall.Of(attempt, response, known)),
        };

    private AttemptOutcome NotRouted(Attempt attempt, RoutingResponse response, FailedCall call)
    {
        var counts = CountingPolicy.Counts(response.Class, call);
        if (CountingPolicy.IsFinal(response.Class, call) || (counts && IsExhausted(attempt, response.Class)))
        {
            var reason = response.Class == ResponseClass.Own ? FailureReason.RejectedByRouter : FailureReason.RetriesExhausted;
            return attempt.Failed(reason, response, counts);
        }

        if (deadline.IsExceeded(attempt.SinceFirstFailure - PausedSinceFirstFailure(attempt)))
        {
            var late = response with { Error = deadline.ErrorAfter(response.Error) };
            return attempt.Failed(FailureReason.DeadlineExceeded, late, counts);
        }

        return attempt.Retry(response, retries.WaitAfter(attempt.Event.Tries + 1, response.RetryAfter), counts);
    }

    private TimeSpan PausedSinceFirstFailure(Attempt attempt)
        => pauses.PausedSince(attempt.Now - attempt.SinceFirstFailure, attempt.Now, attempt.Event);

    /// <summary>The first call counts only where the answer speaks of the event itself.</summary>
    private bool IsExhausted(Attempt attempt, ResponseClass response)
        => retries.IsExhausted(attempt.Event.AttemptsSpent + (response == ResponseClass.Own ? 1 : 2));
}
