using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>A call that was not routed, and what this process knows beside it.</summary>
/// <param name="IsFirst">The first call of this generation of its event.</param>
/// <param name="CircuitsWereClosed">Those of its merchant and of all, when it began.</param>
/// <param name="PreviousFailureAt">When the event's previous failed call ended; null: unknown.</param>
/// <param name="OwnInLastMinute">Calls of the event within the last minute before this one, not routed.</param>
/// <param name="Known">The calls of the last minute.</param>
internal readonly record struct FailedCall(
    bool IsFirst, bool CircuitsWereClosed, DateTimeOffset? PreviousFailureAt, int OwnInLastMinute, CallKnowledge Known)
{
    public static FailedCall Of(Attempt attempt, RoutingResponse response, CallKnowledge known) => new(
        attempt.Event.Tries == 0, response.CircuitsWereClosed, attempt.PreviousFailureAt,
        OwnSince(attempt.Now - RecentCalls.Memory, attempt.Event), known);

    /// <summary>A line that began before counts once: too few own calls make it harder to blame the event.</summary>
    private static int OwnSince(DateTimeOffset oldest, EventEntity e)
        => e.Attempts.Where(line => line.Generation == e.Generation && line.FailedAt > oldest)
            .Sum(line => line.StartedAt > oldest ? line.Probes ?? 1 : 1);
}

/// <summary>
/// Whose fault is it? A call counts against its event only where the service routed others meanwhile; what is unknown does not
/// count. So no outage, of whatever look, uses up the retries of an event.
/// </summary>
internal static class CountingPolicy
{
    public static bool Counts(ResponseClass response, FailedCall call) => response switch
    {
        ResponseClass.Later => false,
        // The answer speaks of the event itself. Probes do not count: the circuit opened because others fail too.
        ResponseClass.Own => call.CircuitsWereClosed,
        _ => !call.IsFirst && call.CircuitsWereClosed && call.Known.LastRoutedBegan > call.PreviousFailureAt
            && AreOthersRouted(call.Known.Routed, call.Known.NotRouted - call.OwnInLastMinute),
    };

    /// <summary>An answer about the event itself is final at once while the service routes others.</summary>
    public static bool IsFinal(ResponseClass response, FailedCall call)
        => response == ResponseClass.Own && call.Known.LastOtherWasRouted == true;

    private static bool AreOthersRouted(int routed, int notRouted) => routed > 0 && routed >= notRouted;
}
