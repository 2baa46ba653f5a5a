using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Sources;

namespace Gateway.EventsGateway.Findings;

/// <summary>Reads what each source has sent to this process, lately and in the day before.</summary>
internal sealed class SourceFigureReader(CurrentSources sources, SourceLedger ledger, TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Recent = 5 * Minute;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly SlidingSamples<Dictionary<string, SourceTraffic>> _minutes = new(Minute, Recent, time);
    // An incident of an hour must not become the usual.
    private readonly SlidingSamples<Dictionary<string, SourceTraffic>> _halfHours = new(30 * Minute, Day, time);

    public IReadOnlyList<SourceFigures> Read()
    {
        var table = sources.Table;
        var at = time.GetUtcNow();
        var records = table.All.Select(source => source.Name).Prepend(CanonicalEvent.BuiltInSource)
            .ToDictionary(name => name, name => ledger.Of(name).Read());
        var now = records.ToDictionary(one => one.Key, one => SourceTraffic.Of(one.Value));
        _minutes.Add(() => now);
        _halfHours.Add(() => now);
        var (recent, usual) = (_minutes.Before(Recent), _halfHours.Before(Day));
        return [.. records.Select(one => new SourceFigures(
            one.Key, [.. SourceFindings.Of(one.Key, table.ByName(one.Key), one.Value, at)],
            now[one.Key] - recent.GetValueOrDefault(one.Key, SourceTraffic.None),
            recent.GetValueOrDefault(one.Key, SourceTraffic.None) - usual.GetValueOrDefault(one.Key, SourceTraffic.None)))];
    }
}
