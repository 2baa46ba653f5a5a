using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>Aggregates the measurements of one instrument, on the thread that measures.</summary>
internal abstract class LiveInstrument
{
    public abstract void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    protected static string TextOf(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
            if (tag.Key == name) return tag.Value as string ?? "";
        return "";
    }
}

internal sealed class LiveCounter : LiveInstrument
{
    private long _total;

    public long Total => Volatile.Read(ref _total);

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => Interlocked.Add(ref _total, (long)value);
}

/// <summary>A counter by source and by the values of one more tag, which are few and our own.</summary>
/// <param name="tag">The tag; none counts by source alone.</param>
internal sealed class LiveCounterBy(string tag = "") : LiveInstrument
{
    private readonly ConcurrentDictionary<(string Value, string Source), StrongBox<long>> _totals = new();

    public long Total => _totals.Values.Sum(total => Volatile.Read(ref total.Value));

    public IReadOnlyDictionary<string, long> Totals
        => BySource.GroupBy(pair => pair.Value, pair => pair.Total).ToDictionary(value => value.Key, value => value.Sum());

    public IEnumerable<(string Value, string Source, long Total)> BySource
        => _totals.Select(pair => (pair.Key.Value, pair.Key.Source, Volatile.Read(ref pair.Value.Value)));

    public long this[string value] => BySource.Where(pair => pair.Value == value).Sum(pair => pair.Total);

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => Interlocked.Add(
            ref _totals.GetOrAdd((TextOf(tags, tag), TextOf(tags, "source")), static _ => new StrongBox<long>()).Value,
            (long)value);
}

/// <summary>Several aggregations of one instrument.</summary>
internal sealed class LiveInstruments(params LiveInstrument[] all) : LiveInstrument
{
    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var each in all) each.Record(value, tags);
    }
}

internal sealed class LiveGauge : LiveInstrument
{
    private double _latest;

    public double Latest => Volatile.Read(ref _latest);

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => Volatile.Write(ref _latest, value);
}

/// <param name="results">Only durations with these results; empty means all.</param>
internal sealed class LiveDurations(params string[] results) : LiveInstrument
{
    public LatencyBuckets Buckets { get; } = new();

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (results.Length == 0 || results.AsSpan().Contains(TextOf(tags, "result"))) Buckets.Add(value);
    }
}
