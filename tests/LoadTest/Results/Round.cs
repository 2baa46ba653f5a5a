using Gateway.LoadTest.Accounting;

namespace Gateway.LoadTest.Results;

/// <summary>One round: the gateway, and what it is compared with, under the same load.</summary>
/// <param name="Account">With --drain, of the gateway's load.</param>
internal sealed record Round(int Number, LoadResult Gateway, LoadResult? Ceiling, LoadResult? Publish, Account? Account)
{
    /// <summary>With --against, of the second gateway.</summary>
    public LoadResult? Other { get; init; }

    public IEnumerable<LoadResult> Results => new[] { Ceiling, Publish, Other, Gateway }.OfType<LoadResult>();

    public double? RatioCeiling => RatioTo(Ceiling);

    public double? RatioPublish => RatioTo(Publish);

    public double? RatioOther => RatioTo(Other);

    // In an open loop rates are what was offered, and the ratio of two of those says nothing about anybody's speed.
    private double? RatioTo(LoadResult? rival)
        => rival is { OfferedRate: null, Rate: > 0 } && Gateway.OfferedRate is null ? Gateway.Rate / rival.Rate : null;
}
