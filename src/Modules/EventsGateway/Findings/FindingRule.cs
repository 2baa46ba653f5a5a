using System.Globalization;

namespace Gateway.EventsGateway.Findings;

/// <summary>
/// One rule for the page and the pager: what is computed from the figures of a process, and what Prometheus computes from its
/// metrics.
/// </summary>
/// <param name="Id">As the status names it. The alert is called Gateway and the words of the id.</param>
/// <param name="Severity">Of its findings and its alert.</param>
/// <param name="Find">The findings of these figures; null where only the pager knows them.</param>
internal sealed record FindingRule(string Id, Severity Severity, Func<Figures, IEnumerable<Finding>>? Find)
{
    /// <summary>Null where no metric has the figures.</summary>
    public PagerRule? Pager { get; init; }

    /// <summary>Why the rule has no alert; null where it has one.</summary>
    public string? PageOnly { get; init; }

    /// <summary>True: it says something only where every process with ingest says it.</summary>
    public bool IsOfAll { get; init; }

    /// <summary>True: other processes do not show it.</summary>
    public bool IsOfThisProcess { get; init; }

    /// <summary>How long a finding stays before a message is sent; as long as Prometheus waits.</summary>
    public TimeSpan For => Pager?.For ?? TimeSpan.FromMinutes(1);

    public string AlertName => "Gateway" + string.Concat(
        Id.Split('-').Select(word => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..]));
}

/// <param name="Expr">In PromQL.</param>
/// <param name="For">How long it holds before the alert fires.</param>
/// <param name="Summary">With the labels of the result.</param>
internal sealed record PagerRule(string Expr, TimeSpan For, string Summary)
{
    /// <summary>The reason of the expression, where it is not obvious.</summary>
    public string? Comment { get; init; }
}
