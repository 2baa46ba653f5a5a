using Gateway.LoadTest.Counting;
using HdrHistogram;

namespace Gateway.LoadTest.Results;

/// <summary>What one run against one target gave.</summary>
internal sealed record LoadResult
{
    public required string Target { get; init; }

    /// <summary>From the first request to the last answer.</summary>
    public required TimeSpan Wall { get; init; }

    public required TallySum Total { get; init; }

    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>Requests a second that were to be offered; null in a closed loop.</summary>
    public double? OfferedRate { get; init; }

    /// <summary>What the target takes at most, when a share of it was offered.</summary>
    public double? TopRate { get; init; }

    /// <summary>Open loop: how late requests left though a connection was free, in microseconds.</summary>
    public LongHistogram? Lateness { get; init; }

    /// <summary>Burst: how long the client took to send them all.</summary>
    public TimeSpan? Release { get; init; }

    /// <summary>Connections that the target did not take again before patience was over.</summary>
    public int GivenUp { get; init; }

    /// <summary>Cores that the load tool used.</summary>
    public required double ClientCores { get; init; }

    /// <summary>202s a second.</summary>
    public double Rate => Total.PromisedCount / Math.Max(Wall.TotalSeconds, 1e-9);

    public double UnknownShare => Share(NoAnswer.IsUnknown);

    public long Unexpected => Total.ByStatus.Where(one => NoAnswer.IsUnexpected(one.Key)).Sum(one => one.Value);

    public long? HighestRss => Samples.Max(sample => sample.ServerRss);

    /// <summary>Of what was answered 202, in milliseconds; null when nothing was.</summary>
    public double? Milliseconds(double percentile)
        => Total.Promised.TotalCount == 0 ? null : Total.Promised.GetValueAtPercentile(percentile) / 1000.0;

    private double Share(Func<int, bool> counts)
        => Total.Counts.Ended == 0 ? 0 : Total.ByStatus.Where(one => counts(one.Key)).Sum(one => one.Value) / (double)Total.Counts.Ended;
}
