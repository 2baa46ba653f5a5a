namespace Gateway.EventsGateway.Findings;

/// <param name="State">healthy; attention: a finding can wait for working hours; critical: one cannot.</param>
/// <param name="Findings">The rules that are crossed now, the worst first; empty while healthy.</param>
public sealed record StatusDto(string State, IReadOnlyList<FindingDto> Findings)
{
    public const string Healthy = "healthy";
    public const string Attention = "attention";
    public const string Critical = "critical";

    internal static StatusDto Of(IEnumerable<FindingDto> findings)
    {
        FindingDto[] sorted = [.. findings.OrderByDescending(one => one.IsCritical)];
        return new(sorted is [] ? Healthy : sorted[0].IsCritical ? Critical : Attention, sorted);
    }
}

/// <param name="Id">The rule; docs/operations/alerts.md describes each.</param>
/// <param name="Severity">warning or critical.</param>
/// <param name="Since">Since when, ISO 8601 in UTC.</param>
/// <param name="Source">The sender that it is about; null where it is about none.</param>
/// <param name="About">Tells findings of one rule apart: a backend, a health check, a reason, a process; else null.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Link">The page of the console that shows more; null without one.</param>
public sealed record FindingDto(
    string Id, string Severity, string Since, string? Source, string? About, string Text, string Advice, string? Link)
{
    internal const string CriticalText = "critical";
    internal const string WarningText = "warning";

    internal bool IsCritical => Severity == CriticalText;

    internal FindingKey Key => new(Id, Source, About);

    internal static string TextOf(Severity severity) => severity == Findings.Severity.Critical ? CriticalText : WarningText;
}

/// <summary>Findings with one key are the same finding, now and later, here and in other processes.</summary>
internal sealed record FindingKey(string Id, string? Source, string? About);
