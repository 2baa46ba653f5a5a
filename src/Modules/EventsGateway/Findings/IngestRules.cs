using Gateway.Shared.Health;
using static Gateway.EventsGateway.Findings.FindingText;

namespace Gateway.EventsGateway.Findings;

/// <summary>The process itself, its backends and its answers to senders.</summary>
internal static class IngestRules
{
    private const string DownForIngest =
        "Repair it; the gateway reconnects within seconds. Until then ingest answers 503 and senders repeat: no accepted event is "
        + "lost.";

    public static IEnumerable<FindingRule> Of(FindingLimits limits) =>
    [
        new("scrape-down", Severity.Critical, null)
        {
            Pager = new(
                """up{job="gateway"} == 0""", TimeSpan.FromMinutes(1),
                "{{ $labels.instance }} does not answer the scrape: the process is down or unreachable"),
        },
        new("starting", Severity.Warning, figures => figures.Phase == HealthText.Starting
            ? [new("The gateway is starting.", "It accepts requests as soon as it is ready.")] : [])
        { IsOfThisProcess = true, PageOnly = "ends within seconds, or becomes worker-not-ready" },
        new("stopping", Severity.Warning, figures => figures.Phase == HealthText.Stopping
            ? [new("The gateway is stopping.", "It finishes its events in flight and accepts no requests.")] : [])
        { IsOfThisProcess = true, PageOnly = "ends within seconds, or becomes scrape-down" },
        new("backend-down", Severity.Critical, figures =>
            from check in figures.Checks
            where check is { IsBackend: true, IsHealthy: false, IsCache: false }
            select new Finding(DownText(check), check.Name == "mongodb"
                ? "Repair it. Ingest continues and events wait in the queue; processing resumes after recovery."
                : DownForIngest) { About = check.Name })
        {
            Pager = new(
                """gateway_backend_up{backend!="redis"} == 0""", TimeSpan.FromMinutes(1),
                "{{ $labels.instance }} does not reach {{ $labels.backend }}"),
        },
        new("deduplication-cache-down", Severity.Warning, figures =>
            from check in figures.Checks
            where check is { IsCache: true, IsHealthy: false }
            select new Finding(
                DownText(check), "Repair it. Ingest and processing continue; the store detects duplicates instead.")
            { About = check.Name })
        {
            Pager = new(
                """gateway_backend_up{backend="redis"} == 0""", TimeSpan.FromMinutes(10),
                "{{ $labels.instance }} does not reach redis: duplicates are not filtered at ingest")
            { Comment = "Redis only filters: without it duplicates reach the store, which recognises them." },
        },
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

    private static string DownText(CheckFigure check)
    {
        var name = check.Name switch
        {
            "sqlite" => "SQLite", "rabbitmq" => "RabbitMQ", "redis" => "Redis", "mongodb" => "MongoDB", var other => other,
        };
        return $"{name} does not answer{(check.Detail is { Length: > 0 } why ? $": {why.TrimEnd('.')}." : ".")}";
    }
}
