using static Gateway.EventsGateway.Findings.FindingText;
using static Gateway.EventsGateway.Findings.RoutingText;

namespace Gateway.EventsGateway.Findings;

/// <summary>The routing service and the pauses of its calls.</summary>
internal static class RoutingRules
{
    /// <summary>Without calls since, the service may have recovered.</summary>
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromMinutes(5);

    private const int MinFailures = 3;

    /// <summary>Nearly every call, or so many one after the other, is an outage.</summary>
    private const double CriticalShare = 0.9;

    private const int CriticalFailures = 20;

    public static IEnumerable<FindingRule> Of() =>
    [
        new("circuit-open", Severity.Critical, figures => figures.Routing is { IsOpen: true } routing && HasPending(figures)
            ? [new(
                $"Routing service is down: calls paused, {NextProbe(routing)}. {LastCall(routing)}",
                $"{AdviceOf(routing)} Requests are still accepted; events stay pending (24 h by default), consume no retries and "
                + "continue after recovery.",
                ConsoleLink.Pending) { Since = figures.Now - routing.OpenFor }]
            : [])
        {
            Pager = new(
                $"avg_over_time(gateway_circuit_state[10m]) > {Number(FindingLimits.CircuitOpenShare)} "
                + "and on (instance) gateway_events_pending > 0",
                TimeSpan.FromMinutes(1),
                "{{ $labels.instance }}: the circuit to the routing service was open for {{ $value | humanizePercentage }} "
                + "of the last 10 minutes")
            {
                Comment = "Averaged: a circuit that closes for one probe in ten counts as open. Without pending events there is "
                    + "no probe, so it stays open.",
            },
        },
        new("circuit-idle", Severity.Warning, figures => figures.Routing is { IsOpen: true } routing && !HasPending(figures)
            ? [new(
                $"Routing service was down at the last call; no events are pending. {LastCall(routing)}",
                "The next event is sent as a probe.") { Since = figures.Now - routing.OpenFor }]
            : []) { PageOnly = "no event waits for it" },
        Fails(),
        new("merchant-circuit-open", Severity.Warning, figures =>
            figures.Routing is { OpenMerchants: { Count: > 0 } open } routing
            ? [new(
                $"Calls fail and are paused for {string.Join(", ", open.Take(5))}"
                + (open.Count > 5 ? Text($" and {open.Count - 5:N0} more. ") : ". ") + LastCall(routing),
                "Calls of the others are routed. Ask the owner of the routing service about these merchants.",
                ConsoleLink.Pending)]
            : [])
        {
            Pager = new(
                "gateway_circuit_open_merchants > 0 and on (instance) gateway_circuit_state == 0", TimeSpan.FromMinutes(5),
                "{{ $labels.instance }}: calls fail for {{ $value }} merchants, not for the others"),
        },
        new("routing-paused", Severity.Warning, figures => figures.Pauses is { Count: > 0 } pauses
            ? [new(
                "Routing is paused, events wait: " + string.Join(", ", pauses.Take(5).Select(
                    pause => $"{pause.Scope} since {pause.Since.UtcDateTime:HH:mm} UTC by {pause.By}"))
                + (pauses.Count > 5 ? Text($" and {pauses.Count - 5:N0} more.") : "."),
                "Resume it on the overview when the reason is gone.", ConsoleLink.Overview)
                { Since = pauses.Min(pause => pause.Since) }]
            : []) { PageOnly = "needs the store; an operator has paused on purpose" },
    ];

    private static FindingRule Fails() => new("routing-fails", Severity.Warning, figures =>
    {
        if (figures.Routing is not { IsOpen: false, LastFailure: { } last } routing) return [];
        var all = routing.Failed + routing.Completed;
        // Failed attempts without a failed call are events of ended shipments.
        var isRate = routing.Failed >= FindingLimits.MinAttempts && figures.Now - last.At < TimeSpan.FromSeconds(11)
            && routing.Failed > FindingLimits.FailedAttemptsShare * all;
        // Ten seconds of little traffic are too few attempts for a share; the calls since the last routed one are not.
        // Those of merchants whose own calls are paused have a finding that names them.
        var isRow = routing.OpenMerchants.Count == 0 && routing.FailedInARow >= MinFailures
            && figures.Now - last.At <= FailureLifetime;
        if (!isRate && !isRow) return [];
        var share = isRate ? (double)routing.Failed / all : 0;
        return [new(
            (isRate ? $"Most attempts fail: {Percent(share)} in the last 10 s. "
                : $"The last {Count(routing.FailedInARow, "call")} to the routing service failed. ") + LastCall(routing),
            $"{AdviceOf(routing)} Failed events are kept and can be replayed.",
            HasPending(figures) ? ConsoleLink.Pending : ConsoleLink.Failed)
            {
                Severity = share >= CriticalShare || routing.FailedInARow >= CriticalFailures ? Severity.Critical : null,
            }];
    })
    {
        Pager = new(
            $$"""
            sum by (instance) (rate(gateway_attempt_duration_seconds_count{result!~"routed|late|shipment-ended|abandoned"}[1m]))
              / sum by (instance) (rate(gateway_attempt_duration_seconds_count[1m]))
              > {{Number(FindingLimits.FailedAttemptsShare)}}
              and sum by (instance) (
                increase(gateway_attempt_duration_seconds_count{result!~"routed|late|shipment-ended|abandoned"}[1m]))
              >= {{FindingLimits.MinAttempts}}
            """,
            TimeSpan.FromMinutes(2),
            "{{ $labels.instance }}: {{ $value | humanizePercentage }} of the calls to the routing service fail"),
    };

    /// <summary>A count from before the last failed call does not have its event.</summary>
    private static bool HasPending(Figures figures)
        => figures.Backlog is not { Pending: 0 } backlog || backlog.At < figures.Routing?.LastFailure?.At;
}
