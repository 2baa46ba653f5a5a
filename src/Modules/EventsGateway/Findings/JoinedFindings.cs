namespace Gateway.EventsGateway.Findings;

/// <param name="Process">Who says it.</param>
/// <param name="HasIngest">Senders post to it.</param>
/// <param name="Findings">What its figures say.</param>
internal sealed record StatusNote(string Process, bool HasIngest, IReadOnlyList<FindingDto> Findings);

/// <summary>What all processes say together.</summary>
internal static class JoinedFindings
{
    /// <summary>What others should know.</summary>
    public static IReadOnlyList<FindingDto> Shared(FindingRules rules, StatusNote own)
        => [.. own.Findings.Where(finding => !rules.ById(finding.Id).IsOfThisProcess)];

    /// <summary>
    /// A finding that several processes have counts once, since the first of them; the words are those of this process, else its
    /// text names the process. A source is silent, or fails, where it does so at every process that it can post to.
    /// </summary>
    public static IEnumerable<FindingDto> Of(FindingRules rules, StatusNote own, IReadOnlyList<StatusNote> others)
    {
        StatusNote[] notes = [own, .. others];
        var said = from note in notes
                   from finding in note.Findings
                   // Of another version.
                   where rules.All.Any(rule => rule.Id == finding.Id)
                   group (Note: note, Finding: finding) by finding.Key;
        return from same in said
               let first = same.First()
               where !rules.ById(first.Finding.Id).IsOfAll
                   || notes.Where(note => note.HasIngest).All(note => same.Any(one => one.Note == note))
               select first.Finding with
               {
                   Since = same.Min(one => one.Finding.Since)!,
                   Severity = same.Select(one => one.Finding).FirstOrDefault(one => one.IsCritical)?.Severity
                       ?? first.Finding.Severity,
                   Text = first.Note == own || first.Finding.Source is not null
                       ? first.Finding.Text : $"Process {first.Note.Process}: {first.Finding.Text}",
               };
    }
}
