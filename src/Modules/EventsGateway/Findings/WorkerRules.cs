using Gateway.Shared.Time;
using static Gateway.EventsGateway.Findings.FindingText;

namespace Gateway.EventsGateway.Findings;

/// <summary>The backlog and the worker.</summary>
internal static class WorkerRules
{
    public static IEnumerable<FindingRule> Of(FindingLimits limits) =>
    [
        new("worker-not-ready", Severity.Critical, figures => figures.IsTransitional || figures.IsBackendDown ? [] :
            from check in figures.Checks
            where check is { IsBackend: false, IsUnhealthy: true, Name: not "ingest" }
            select new Finding(NotReadyText(check), "Keep its log and restart it; no event is lost.", ConsoleLink.Processes)
            { About = check.Name })
        {
            Pager = new(
                """gateway_ready == 0 unless on (instance) gateway_backend_up{backend!="redis"} == 0""", TimeSpan.FromMinutes(2),
                "{{ $labels.instance }} is not ready although its backends answer")
            { Comment = "Not ready although every backend answers: the worker or the queue reader makes no progress." },
        },
        new("lag", Severity.Warning, figures => figures.Backlog is { IsLate: true, Oldest: { } oldest } backlog
            ? [new(
                $"The oldest of {Count(backlog.Pending, "pending event")} waits for {SpanText.Of(oldest)}; the budget is "
                + $"{SpanText.Of(limits.Options.LagBudget)}. {Forecast(backlog)}",
                "Look at the circuit and the attempts in flight. The timeline of the oldest event shows its results.",
                ConsoleLink.Pending)]
            : [])
        {
            Pager = new(
                "gateway_lag_exceeded == 1", TimeSpan.FromMinutes(2),
                "{{ $labels.instance }}: the oldest pending event is older than the lag budget"),
        },
        new("backlog-grows", Severity.Warning, figures =>
            figures.Backlog is { Pending: > FindingLimits.MinBacklog, GrowthPerSecond: > 0 } backlog && figures.Pauses.Count == 0
                ? [new(
                    $"{Count(backlog.Pending, "event")} pending. {Forecast(backlog)}",
                    "If the routing service is slow, contact its owner. If traffic has grown, raise WORKER_PREFETCH, or add a "
                    + "worker.",
                    ConsoleLink.Pending)]
                : [])
        {
            Pager = new(
                $"gateway_events_pending > {FindingLimits.MinBacklog} and deriv(gateway_events_pending[1m]) > 0",
                TimeSpan.FromMinutes(5),
                "{{ $labels.instance }}: {{ $value | humanize }} events are pending, and more each minute"),
        },
        new("backlog-unknown", Severity.Warning, figures => figures is { IsBacklogUnknown: true, IsTransitional: false }
            && !figures.IsBackendDown
            ? [new(
                "The store has not reported its event counts.", "The gateway asks every two seconds. Accepted events are safe.")]
            : []) { PageOnly = "needs the store; without it gateway_events_pending has no value" },
        new("queue-not-read", Severity.Critical, figures => figures.Backlog?.LeastQueued > FindingLimits.MaxQueued
            ? [new(
                $"At least {Count(figures.Backlog.LeastQueued.Value, "message")} have been in the queue for 5 minutes: "
                + "no worker stores them.",
                "Start a worker, or look at the check queue-reader of those that run.", ConsoleLink.Processes)]
            : [])
        {
            Pager = new(
                $"min_over_time(gateway_queue_depth[5m]) > {FindingLimits.MaxQueued}", TimeSpan.FromMinutes(5),
                "at least {{ $value }} messages have been in the queue for minutes: no worker stores them")
            { Comment = "A message holds up to 128 events and normally stays for milliseconds." },
        },
        Full(),
    ];

    /// <summary>When the backlog is done, or how it grows, at the pace of the last minute.</summary>
    private static string Forecast(BacklogFigures backlog) => backlog.GrowthPerSecond switch
    {
        null => "Its growth is known after a minute.",
        > 0 and var growth => Text($"It grows by {growth:N1} events per second."),
        < 0 and var growth => $"At the pace of the last minute it is done in {SpanText.Of(TimeSpan.FromSeconds(
            Math.Min(backlog.Pending / -growth, TimeSpan.FromDays(365).TotalSeconds)))}.",
        _ => "It does not shrink.",
    };

    private static FindingRule Full() => new("worker-full", Severity.Warning, figures =>
        figures.Worker is { InFlight: { } held, Slots: > 0 and var slots } worker && held >= slots
        && figures.Backlog is { GrowthPerSecond: > 0 } backlog
            ? [new(
                Text($"Worker at capacity: all {slots:N0} attempts in use for a minute, ")
                + $"{Count(backlog.Pending, "event")} pending."
                + (worker.MedianAttempt is { } median ? Text($" An attempt takes {median.TotalSeconds:0.0} s.") : ""),
                "If the routing service is slow, contact its owner. If traffic has grown, raise WORKER_PREFETCH.",
                ConsoleLink.Pending)]
            : [])
    {
        Pager = new(
            """
            min_over_time(gateway_attempts_in_flight[1m]) >= on (instance) gateway_attempts_limit
              and on (instance) deriv(gateway_events_pending[1m]) > 0
            """,
            TimeSpan.FromMinutes(5), "{{ $labels.instance }} has used all its {{ $value }} attempts for minutes"),
    };

    private static string NotReadyText(CheckFigure check) => check.Name switch
    {
        "worker" => "Worker stalled: events are due but no attempt completes.",
        "queue-reader" => "Queue reader stopped: events wait in the queue.",
        _ => "",
    } is { Length: > 0 } title ? $"{title} {Sentence(check.Detail ?? "")}".TrimEnd()
        : Sentence(check.Detail ?? $"health check {check.Name} is unhealthy");
}
