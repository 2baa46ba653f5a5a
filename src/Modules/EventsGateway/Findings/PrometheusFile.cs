using System.Globalization;
using System.Text;

namespace Gateway.EventsGateway.Findings;

/// <summary>The rules as the file that docker/prometheus ships; the argument <c>rules</c> of the host prints it.</summary>
internal static class PrometheusFile
{
    private const string Head =
        """
        # Written by: dotnet run --project src/Host -- rules
        # Critical alerts page the on-call; warnings can wait for working hours. docs/operations/alerts.md describes each.
        # Checked with: promtool check rules docker/prometheus/alerts.yml; promtool test rules docker/prometheus/alerts.test.yml
        groups:
          - name: gateway
            rules:
        """;

    public static string Of(IEnumerable<FindingRule> rules)
    {
        var all = rules.ToList();
        var text = new StringBuilder(Head).Append('\n');
        foreach (var rule in all)
            if (rule.Pager is { } pager) Append(text, rule, pager);
        text.Append("# Only on the page and in /v1/events-gateway/status:\n");
        foreach (var rule in all.Where(rule => rule.Pager is null))
            text.Append(CultureInfo.InvariantCulture, $"# {rule.Id}: {rule.PageOnly}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, FindingRule rule, PagerRule pager)
    {
        if (pager.Comment is { } comment) text.Append("      # ").Append(comment).Append('\n');
        text.Append("      - alert: ").Append(rule.AlertName).Append('\n');
        text.Append("        expr: ").Append(
            pager.Expr.Contains('\n') ? "|\n          " + pager.Expr.Replace("\n", "\n          ") : pager.Expr).Append('\n');
        if (pager.For > TimeSpan.Zero)
            text.Append(CultureInfo.InvariantCulture, $"        for: {pager.For.TotalMinutes:0}m\n");
        text.Append("        labels: { severity: ").Append(FindingDto.TextOf(rule.Severity)).Append(" }\n");
        text.Append("        annotations:\n          summary: \"").Append(pager.Summary).Append("\"\n");
        text.Append("          runbook: docs/operations/alerts.md#").Append(rule.AlertName.ToLowerInvariant()).Append("\n\n");
    }
}
