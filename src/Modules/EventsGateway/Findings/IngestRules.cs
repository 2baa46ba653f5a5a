using Gateway.Shared.Health;
using static Gateway.EventsGateway.Findings.FindingText;

namespace Gateway.EventsGateway.Findings;

/// <summary>The answers to senders, and the health checks without a rule of their own.</summary>
internal static class IngestRules
{
    public static IEnumerable<FindingRule> Of(FindingLimits limits) =>
    [
        Unavailable(),
        AcceptSlow(limits),
        new("check-degraded", Severity.Warning, figures => figures.IsTransitional ? [] :
            from check in figures.Checks
            where check is { IsBackend: false, Status: HealthText.Degraded } && !IsOwnRule(check, figures)
            select new Finding(Sentence(check.Detail ?? $"health check {check.Name} is degraded"), AdviceOf(check.Name),
                check.Name == "ingest" ? ConsoleLink.Unavailable : null) { About = check.Name })
        { PageOnly = "no metric has the health checks that are degraded; /health/ready has them" },
    ];

    private static FindingRule Unavailable() => new("ingest-unavailable", Severity.Critical, figures =>
        figures.Ingest is { Unavailable: > 0 and var count, Requests: var all }
        && count > FindingLimits.UnavailableShare * all
            ? [new(
                Text($"Ingest answers 503: {Percent((double)count / all)} of the {all:N0} requests of the last minute."),
                "Accepted events are safe, and senders repeat. Look at the backends first, then at disk, CPU and memory.",
                ConsoleLink.Unavailable)]
            : [])
    {
        Pager = new(
            $$"""
            sum by (instance) (rate(gateway_requests_rejected_total{reason="unavailable"}[1m]))
              / sum by (instance) (rate(gateway_accept_duration_seconds_count[1m])) > {{Number(FindingLimits.UnavailableShare)}}
            """,
            TimeSpan.FromMinutes(2),
            "{{ $labels.instance }} answers {{ $value | humanizePercentage }} of the webhooks with 503"),
    };

    private static FindingRule AcceptSlow(FindingLimits limits) => new("accept-slow", Severity.Warning, figures =>
        figures.Ingest is { P99: { } p99, Accepted: >= FindingLimits.MinAccepted } && p99 > limits.Options.AcceptP99
            ? [new(
                Text($"Ingest is slow: 1 % of the requests of the last minute waited longer than {p99.TotalSeconds:0.0} s."),
                "Look at the disk (Embedded) or the broker's confirms (Distributed), then at CPU and memory. "
                + "Above 5 s the answer becomes 503.",
                ConsoleLink.Overview)]
            : [])
    {
        Pager = new(
            $$"""
            histogram_quantile(0.99, sum by (instance, le) (
                rate(gateway_accept_duration_seconds_bucket{result=~"accepted|duplicate"}[1m])))
              > {{Number(limits.Options.AcceptP99.TotalSeconds)}}
              and sum by (instance) (increase(gateway_accept_duration_seconds_count{result=~"accepted|duplicate"}[1m]))
              >= {{FindingLimits.MinAccepted}}
            """,
            TimeSpan.FromMinutes(5),
            "{{ $labels.instance }}: 1 % of the webhooks wait longer than {{ $value | humanizeDuration }}"),
    };

    /// <summary>Of a health check whose cause a rule of its own names.</summary>
    private static bool IsOwnRule(CheckFigure check, Figures figures) => check.Name switch
    {
        "worker" or "unrouted" => true,
        "lag" => figures.Backlog?.IsLate == true,
        _ => false,
    };

    private static string AdviceOf(string check) => check switch
    {
        "ingest" => "Senders repeat these requests. Look at the log and at the disk or the broker.",
        "sources" => "Correct the files of the sources; those of before stay in use.",
        "operator-keys" => "Correct the files of the operator keys; those of before stay in use.",
        _ => "The check in /health/ready says more.",
    };
}
