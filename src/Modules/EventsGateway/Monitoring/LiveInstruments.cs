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

/// <summary>A counter by the values of one tag, which are few and our own.</summary>
internal sealed class LiveCounterBy(string tag) : LiveInstrument
{
    private readonly ConcurrentDictionary<string, StrongBox<long>> _totals = new();

    public IReadOnlyDictionary<string, long> Totals
        => _totals.ToDictionary(pair => pair.Key, pair => Volatile.Read(ref pair.Value.Value));

    public long this[string value] => _totals.TryGetValue(value, out var total) ? Volatile.Read(ref total.Value) : 0;

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => Interlocked.Add(ref _totals.GetOrAdd(TextOf(tags, tag), static _ => new StrongBox<long>()).Value, (long)value);
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
