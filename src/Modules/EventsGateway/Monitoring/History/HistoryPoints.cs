using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Monitoring.History;

/// <summary>
/// Equal steps of a range of time, each with the sum of all points of the processes in it. A level is the highest of its step;
/// the attempts in flight of the processes are added.
/// </summary>
internal sealed class HistoryPoints(DateTimeOffset from, int seconds, int count)
{
    private static readonly SeriesKey Covered = new("covered"), InFlight = new("inFlight");

    private readonly Dictionary<SeriesKey, long?[]> _series = [];
    private ILookup<string, (SeriesKey Key, long?[] Values)> _byName = Enumerable.Empty<(SeriesKey, long?[])>().ToLookup(_ => "");

    public DateTimeOffset StartOf(int point) => from.AddSeconds((double)point * seconds);

    /// <summary>Adds what the rows have of a source, or of all of them.</summary>
    public void Add(IEnumerable<HistoryRow> rows, string? source)
    {
        foreach (var process in rows.GroupBy(row => row.Process))
        {
            var highest = new long?[count];
            foreach (var row in process) Add(row, source, highest);
            if (source is null) Sum(SeriesOf(InFlight), highest);
        }

        _byName = _series.ToLookup(one => one.Key.Name, one => (one.Key, one.Value));
    }

    public bool IsCovered(int point) => Level(point, Covered.Name) is not null;

    /// <summary>The time of a point that was recorded: a process that ran for a part of it has counted less.</summary>
    public double SecondsOf(int point, DateTimeOffset now)
    {
        var covered = (Level(point, Covered.Name) ?? 0) / 1000d;
        return Math.Round(Math.Max(0, Math.Min(covered, Math.Min(seconds, (now - StartOf(point)).TotalSeconds))), 3);
    }

    public long Sum(int point, string name) => Of(point, name).Sum(one => one.Value);

    public IReadOnlyDictionary<string, long> SumsBy(int point, string name)
        => Of(point, name).GroupBy(one => one.Key.Of, one => one.Value).ToDictionary(value => value.Key, value => value.Sum());

    public IEnumerable<(SeriesKey Key, long Value)> Of(int point, string name)
        => from one in _byName[name] where one.Values[point] is not null select (one.Key, one.Values[point]!.Value);

    public long? Level(int point, string name) => _byName[name].FirstOrDefault().Values?[point];

    public double?[] Percentiles(int point, string name, params ReadOnlySpan<double> shares)
        => HistoryBuckets.Percentiles(Of(point, name).Select(one => (one.Key.Of, one.Value)), shares);

    private void Add(HistoryRow row, string? source, long?[] highestInFlight)
    {
        var offset = (row.Key.Start - from).TotalSeconds;
        int[] targets =
        [
            .. Enumerable.Range(0, HistoryStep.MaxPoints)
                .Select(i => (int)Math.Floor((offset + ((double)i * row.Key.Step)) / seconds)),
        ];
        // A range of 30 days has five million values: what is the same for a series is not computed for each.
        var (sums, isLevel) = (highestInFlight, false);
        HistoryChunk.Read(row.Data, IsWanted, (i, value) =>
        {
            if (i >= targets.Length || (uint)targets[i] >= (uint)sums.Length) return;
            ref var sum = ref sums[targets[i]];
            sum = sum is not { } known ? value : isLevel ? Math.Max(known, value) : known + value;
        });

        bool IsWanted(SeriesKey key)
        {
            if (source is not null && key.Source != source && key != Covered) return false;
            (sums, isLevel) = (key == InFlight ? highestInFlight : SeriesOf(key), IsLevel(key));
            return true;
        }
    }

    private static bool IsLevel(SeriesKey key) => key.Name is "pending" or "queued" or "oldest" or "inFlight";

    private static void Sum(long?[] sums, long?[] others)
    {
        for (var i = 0; i < others.Length; i++)
            if (others[i] is { } value) sums[i] = (sums[i] ?? 0) + value;
    }

    private long?[] SeriesOf(SeriesKey key)
    {
        if (!_series.TryGetValue(key, out var values)) _series[key] = values = new long?[count];
        return values;
    }
}
