using Gateway.Shared.Health;

namespace Gateway.EventsGateway.Findings;

/// <summary>The process itself and its backends.</summary>
internal static class BackendRules
{
    private const string DownForIngest =
        "Repair it; the gateway reconnects within seconds. Until then ingest answers 503 and senders repeat: no accepted event "
        + "is lost.";

    public static IEnumerable<FindingRule> Of() =>
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
    ];

    private static string DownText(CheckFigure check)
    {
        var name = check.Name switch
        {
            "sqlite" => "SQLite", "rabbitmq" => "RabbitMQ", "redis" => "Redis", "mongodb" => "MongoDB", var other => other,
        };
        return $"{name} does not answer{(check.Detail is { Length: > 0 } why ? $": {why.TrimEnd('.')}." : ".")}";
    }
}
