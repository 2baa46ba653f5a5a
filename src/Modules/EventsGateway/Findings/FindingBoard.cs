using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Findings;

/// <summary>Evaluates the rules, and remembers since when each finding stays. Used by one loop.</summary>
internal sealed class FindingBoard(FindingRules rules)
{
    private Dictionary<FindingKey, DateTimeOffset> _since = [];

    public IReadOnlyList<FindingDto> Evaluate(Figures figures)
    {
        var found = from rule in rules.All
                    where rule.Find is not null
                    from finding in rule.Find!(figures)
                    select (Rule: rule, Finding: finding, Key: new FindingKey(rule.Id, finding.Source, finding.About));
        // Two findings with one key would be one in the list of the next second.
        var all = found.DistinctBy(one => one.Key).ToList();
        _since = all.ToDictionary(
            one => one.Key,
            one => _since.TryGetValue(one.Key, out var before) ? before : one.Finding.Since ?? figures.Now);
        return [.. all.Select(one => new FindingDto(
            one.Rule.Id, FindingDto.TextOf(one.Finding.Severity ?? one.Rule.Severity), IsoTime.Text(_since[one.Key]),
            one.Key.Source, one.Key.About, one.Finding.Text.Trim(), one.Finding.Advice, one.Finding.Link))];
    }
}
