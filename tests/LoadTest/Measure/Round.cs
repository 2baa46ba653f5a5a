using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Measure;

/// <summary>The gateway and the targets it is compared with, under the same load.</summary>
/// <param name="Account">With --drain: the outcome of the events sent to the gateway.</param>
internal sealed record Round(int Number, LoadResult Gateway, LoadResult? Ceiling, LoadResult? Publish, Account? Account)
{
    /// <summary>With --against: the second gateway.</summary>
    public LoadResult? Other { get; init; }

    public IEnumerable<LoadResult> Results => new[] { Ceiling, Publish, Other, Gateway }.OfType<LoadResult>();

    public double? RatioCeiling => RatioTo(Ceiling);

    public double? RatioPublish => RatioTo(Publish);

    public double? RatioOther => RatioTo(Other);

    // In an open loop the rates are the offered ones: their ratio does not compare the targets.
    private double? RatioTo(LoadResult? target)
        => target is { OfferedRate: null, Rate: > 0 } && Gateway.OfferedRate is null ? Gateway.Rate / target.Rate : null;
}

/// <summary>Minimum, median and maximum of one figure over several rounds.</summary>
internal sealed record Spread(double Min, double Median, double Max)
{
    public static Spread? Of(IEnumerable<double?> values)
    {
        double[] sorted = [.. values.OfType<double>().Order()];
        if (sorted.Length == 0) return null;
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[^1]);
    }
}
