using Gateway.EventsGateway.Entities;
using static Gateway.EventsGateway.Findings.FindingText;

namespace Gateway.EventsGateway.Findings;

/// <summary>The outcomes of events.</summary>
internal static class EventRules
{
    public static IEnumerable<FindingRule> Of(FindingLimits limits) =>
    [
        EventsFail(),
        Unrouted(limits),
        new("implausible-times", Severity.Warning, figures => figures.ImplausibleTimes > FindingLimits.MaxImplausibleTimes
            ? [new(
                $"{Count(figures.ImplausibleTimes, "event")} of the last 15 minutes say a time that cannot be true.",
                "The clock of a sender, or the time in its mapping, is wrong: the events with implausibleTime name it. Their "
                + "receipt counts instead.", "/console#/events")]
            : [])
        {
            Pager = new(
                $"sum(increase(gateway_events_implausible_time_total[15m])) > {FindingLimits.MaxImplausibleTimes}",
                TimeSpan.FromMinutes(1), "{{ $value | humanize }} events within 15 minutes say a time that cannot be true"),
        },
        new("dead-letters-grow", Severity.Warning, null)
        {
            Pager = new(
                """sum by (outcome) (increase(gateway_dead_letters_total{outcome!="shipment-ended"}[1h])) > 100""",
                TimeSpan.FromMinutes(1), "{{ $value | humanize }} dead letters within an hour: {{ $labels.outcome }}"),
        },
    ];

    private static FindingRule EventsFail() => new("events-fail", Severity.Warning, figures =>
        from one in figures.Failed
        group one by one.Outcome into same
        let count = same.Sum(one => one.Count)
        where count > FindingLimits.MaxFailed && figures.Backlog is not { Failed: 0 }
        select new Finding(
            $"{Count(count, "event")} failed in the last 15 minutes: {same.Key} ("
            + string.Join(", ", same.Where(one => one.Count > 0).OrderByDescending(one => one.Count).Take(5)
                .Select(one => Text($"{one.Source} {one.Count:N0}")))
            + (figures.FailedMerchants.TryGetValue(same.Key, out var merchant) ? $"), nearly all of merchant {merchant}." : ")."),
            AdviceOf(same.Key), ConsoleLink.Failed) { About = same.Key })
    {
        Pager = new(
            $$"""
            sum by (outcome) (increase(gateway_events_settled_total{status="failed", outcome!="shipment-ended"}[15m]))
              > {{FindingLimits.MaxFailed}}
            """,
            TimeSpan.FromMinutes(1), "{{ $value | humanize }} events failed within 15 minutes: {{ $labels.outcome }}")
        { Comment = "shipment-ended is caused by the sender, not by the gateway or the routing service." },
    };

    private static FindingRule Unrouted(FindingLimits limits) => new("events-unrouted", Severity.Warning, figures =>
        from check in figures.Checks
        where check is { Name: "unrouted", IsHealthy: false }
        select new Finding(
            Sentence(check.Detail ?? "many events were not routed"),
            "Filter the events by outcome: one company or merchant points to its clock, its order of sending, or reused numbers.",
            ConsoleLink.Outcome("late")))
    {
        Pager = new(
            $$"""
            (
              sum(increase(gateway_events_settled_total{outcome=~"late|shipment-ended"}[1h]))
                / sum(increase(gateway_events_settled_total[1h])) > {{Number(limits.Options.UnroutedShare)}}
            ) and sum(increase(gateway_events_settled_total[1h])) > 50
            """,
            TimeSpan.FromMinutes(5),
            "{{ $value | humanizePercentage }} of the events of the last hour were not routed: their shipments had ended")
        { Comment = "Not offered to the routing service because their shipment had ended, of at least 50 events." },
    };

    private static string AdviceOf(string outcome) => outcome switch
    {
        FailureReasonText.RetriesExhausted or FailureReasonText.DeadlineExceeded =>
            "Repair the routing service, then replay the group.",
        FailureReasonText.RejectedByRouter =>
            "Ask the owner of the routing service why it rejects them; replay after it accepts these events.",
        FailureReasonText.Unmapped => "Correct the mapping of the source, then replay.",
        FailureReasonText.Poison => "Look at memory and log of the workers before a replay.",
        _ => "The bytes are kept; the sender can resubmit.",
    };
}
