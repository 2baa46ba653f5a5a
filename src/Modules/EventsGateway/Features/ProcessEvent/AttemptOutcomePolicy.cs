using System.Globalization;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Health;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>What an attempt comes to: final, once more, or handed back.</summary>
internal sealed class AttemptOutcomePolicy(RetrySchedule schedule, IOptions<ProcessingOptions> options)
{
    private readonly TimeSpan _giveUpAfter = options.Value.GiveUpAfter;

    public static AttemptOutcome Late(Attempt attempt) => attempt.Processed(EventOutcome.Late);

    public static AttemptOutcome ShipmentEnded(Attempt attempt, ShipmentEntity shipment)
        => attempt.Failed(
            EventOutcome.ShipmentEnded, AttemptResult.ShipmentEnded,
            string.Create(CultureInfo.InvariantCulture, $"shipment {shipment.ShipmentId} is {shipment.Status.Text()} since {shipment.EndedAt ?? "before"}"));

    /// <summary>The process stops, or the attempt has used up its time: nothing is spent.</summary>
    public static AttemptOutcome CutOff(Attempt attempt) => attempt.Abandoned("cut off by this process", ProcessingOptions.FaultWait);

    public AttemptOutcome Decide(Attempt attempt, RoutingResponse result, bool cutOff) => result.End switch
    {
        RoutingEnd.Routed => attempt.Processed(EventOutcome.Routed, result.RouteId, spent: true),
        RoutingEnd.Permanent => attempt.Failed(EventOutcome.RejectedByRouter, result.Result, result.Error, spent: true),
        RoutingEnd.NotAsked => attempt.Released(result.RetryAfter ?? ProcessingOptions.FaultWait, result.Error),
        // A connection that breaks while we stop is broken by our stop, as far as anyone can tell.
        _ when cutOff && result.Result == AttemptResult.ConnectionLost => CutOff(attempt),
        _ => AfterTransient(attempt, result),
    };

    private AttemptOutcome AfterTransient(Attempt attempt, RoutingResponse result)
    {
        var spent = attempt.Event.AttemptsSpent + 1;
        if (schedule.IsExhausted(spent) && !result.IsFailedProbe)
            return attempt.Failed(EventOutcome.RetriesExhausted, result.Result, result.Error, spent: true);
        if (attempt.SinceFirstAttempt >= _giveUpAfter)
            return attempt.Failed(EventOutcome.DeadlineExceeded, result.Result, $"gave up after {_giveUpAfter}: {result.Error}", spent: true);
        var wait = schedule.WaitAfter(spent, result.RetryAfter);
        return result.IsFailedProbe ? attempt.Probed(result.Result, result.Error, wait) : attempt.Retry(result.Result, result.Error, wait);
    }
}
