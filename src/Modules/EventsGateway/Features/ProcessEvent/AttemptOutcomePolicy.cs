using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>Decides the outcome of an attempt from the routing decision or the routing response.</summary>
internal sealed class AttemptOutcomePolicy(RetrySchedule retries, DeadlinePolicy deadline)
{
    public static AttemptOutcome Late(Attempt attempt) => attempt.Late();

    public static AttemptOutcome ShipmentEnded(Attempt attempt, ShipmentEntity shipment)
        => attempt.ShipmentEnded(
            shipment.HasEnded
                ? $"shipment {shipment.Key.ShipmentId} is {shipment.Status} since {shipment.EndedAt ?? "before"}"
                : $"shipment {shipment.Key.ShipmentId} has the status {shipment.Status}, which this gateway does not know");

    /// <summary>The process stops, or the attempt exceeds its time: it is not counted.</summary>
    public static AttemptOutcome CutOff(Attempt attempt) => attempt.Abandoned("cut off by this process", ReleasePolicy.Wait);

    public AttemptOutcome Decide(Attempt attempt, RoutingResponse response, bool cutOff) => response.Result switch
    {
        null => attempt.Released(ReleasePolicy.WaitFor(response.RetryAfter), response.Error),
        AttemptResult.Routed => attempt.Routed(response),
        AttemptResult.PermanentStatus
            => attempt.Failed(FailureReason.RejectedByRouter, response) with { IsCounted = true },
        // Our own stop may have closed the connection.
        AttemptResult.ConnectionLost when cutOff => CutOff(attempt),
        _ => AfterTransient(attempt, response),
    };

    private AttemptOutcome AfterTransient(Attempt attempt, RoutingResponse response)
    {
        var attempts = attempt.Event.AttemptsSpent + 1;
        if (retries.IsExhausted(attempts) && !response.IsFailedProbe)
            return attempt.Failed(FailureReason.RetriesExhausted, response) with { IsCounted = true };
        if (deadline.IsExceeded(attempt.SinceFirstAttempt))
        {
            var late = response with { Error = deadline.ErrorAfter(response.Error) };
            return attempt.Failed(FailureReason.DeadlineExceeded, late) with { IsCounted = true };
        }

        var wait = retries.WaitAfter(attempts, response.RetryAfter);
        return response.IsFailedProbe
            ? attempt.FailedProbe(response, wait)
            : attempt.Retry(response, wait);
    }
}
