using Gateway.EventsGateway.Findings;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Features.SendAlerts;

/// <summary>
/// Which messages a status needs, after those before: one where a finding has stayed for as long as its alert waits, one where
/// it becomes critical, and one where it has been gone for a minute. Used by one loop.
/// </summary>
internal sealed class AlertChanges(FindingRules rules)
{
    /// <summary>A finding that comes and goes is one finding.</summary>
    public static readonly TimeSpan GoneFor = TimeSpan.FromMinutes(1);

    private readonly Dictionary<FindingKey, Announced> _announced = [];

    private sealed record Announced(FindingDto Finding, DateTimeOffset? GoneSince);

    /// <summary>What the receivers know.</summary>
    public IReadOnlyList<FindingDto> Known => [.. _announced.Values.Select(one => one.Finding)];

    /// <summary>Continues where another process has stopped.</summary>
    public void Adopt(IEnumerable<FindingDto> known)
    {
        _announced.Clear();
        foreach (var finding in known) _announced[finding.Key] = new Announced(finding, null);
    }

    public IReadOnlyList<AlertMessage> Next(StatusDto status, DateTimeOffset now)
        => [.. Begun(status, now).Concat(Ended(status, now))];

    private List<AlertMessage> Begun(StatusDto status, DateTimeOffset now)
    {
        var messages = new List<AlertMessage>();
        foreach (var finding in status.Findings)
        {
            // A finding of another version is not known here.
            if (rules.All.FirstOrDefault(one => one.Id == finding.Id) is not { IsOfThisProcess: false } rule) continue;
            var isKnown = _announced.TryGetValue(finding.Key, out var before);
            if (!isKnown && now - IsoTime.Parse(finding.Since) < rule.For) continue;
            var isNews = !isKnown || (finding.IsCritical && !before!.Finding.IsCritical);
            // Of one that came back within the minute, the first time counts.
            var kept = isKnown ? finding with { Since = before!.Finding.Since } : finding;
            _announced[finding.Key] = new Announced(
                isNews || finding.IsCritical ? kept : kept with { Severity = before!.Finding.Severity }, null);
            if (isNews) messages.Add(new AlertMessage(kept, HasEnded: false, now, status.State));
        }

        return messages;
    }

    private List<AlertMessage> Ended(StatusDto status, DateTimeOffset now)
    {
        var messages = new List<AlertMessage>();
        var present = status.Findings.Select(finding => finding.Key).ToHashSet();
        foreach (var (key, one) in _announced.Where(one => !present.Contains(one.Key)).ToList())
        {
            var gone = one.GoneSince ?? now;
            _announced[key] = one with { GoneSince = gone };
            if (now - gone < GoneFor) continue;
            _announced.Remove(key);
            messages.Add(new AlertMessage(one.Finding, HasEnded: true, now, status.State));
        }

        return messages;
    }
}
