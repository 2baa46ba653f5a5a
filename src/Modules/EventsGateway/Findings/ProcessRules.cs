using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.Shared.Time;
using static Gateway.EventsGateway.Findings.FindingText;

namespace Gateway.EventsGateway.Findings;

/// <summary>The processes of the gateway, its operators, and its own messages.</summary>
internal static class ProcessRules
{
    public static IEnumerable<FindingRule> Of() =>
    [
        new("process-missing", Severity.Warning, figures =>
            from process in figures.Processes
            where process.State == ProcessStatePolicy.Missing
            let age = TimeSpan.FromSeconds(process.Age)
            select new Finding(
                $"Process {process.Pid} on {process.Host} ({process.Role}) is missing: it has said nothing for "
                + $"{SpanText.Of(age)}.",
                "It was killed, hangs, or cannot reach Redis: start it again. Other workers take its events over when their "
                + "claims expire.",
                ConsoleLink.Processes) { About = process.Id, Since = figures.Now - age })
        {
            Pager = new(
                """max by (role) (gateway_processes{state="missing"}) > 0""", TimeSpan.FromMinutes(5),
                "{{ $value }} processes with role {{ $labels.role }} are missing")
            { Comment = "A process that is scaled down stops by a signal and says so." },
        },
        new("wrong-operator-keys", Severity.Warning, figures => figures.WrongKeys > FindingLimits.MaxWrongKeys
            ? [new(
                $"{Count(figures.WrongKeys, "wrong operator key")} within 10 minutes.",
                "A script with a removed key needs the new one. The log has the address (event id 142): block it if somebody "
                + "guesses.",
                "/console#/audit")]
            : [])
        {
            Pager = new(
                """sum by (instance) (increase(gateway_operator_rejected_keys_total{reason="wrong"}[10m])) > """
                + FindingLimits.MaxWrongKeys, TimeSpan.Zero,
                "{{ $labels.instance }} got {{ $value | humanize }} wrong operator keys within 10 minutes")
            { Comment = "A person mistypes a key once or twice; more are a script, with an old key or with guesses." },
        },
        new("alerts-not-delivered", Severity.Warning, figures =>
            from target in figures.AlertTargets
            where target is { Waiting: > 0, FailingSince: not null }
            select new Finding(
                $"The target {target.Name} takes no alerts: {Count(target.Waiting, "message")} waiting. "
                + Sentence(target.Error ?? ""),
                "Check Gateway:Alerts and the receiver. The messages are repeated for a day.")
            { About = target.Name, Since = target.FailingSince })
        {
            Pager = new(
                "gateway_alerts_waiting > 0", TimeSpan.FromMinutes(5),
                "{{ $labels.instance }}: {{ $value }} alert messages wait for the target {{ $labels.target }}"),
        },
    ];
}
