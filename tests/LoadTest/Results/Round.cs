using Gateway.LoadTest.Accounting;

namespace Gateway.LoadTest.Results;

/// <summary>One round: the gateway, and what it is compared with, under the same load.</summary>
/// <param name="Account">With --drain, of the gateway's load.</param>
internal sealed record Round(int Number, LoadResult Gateway, LoadResult? Ceiling, LoadResult? Publish, Account? Account)
{
    public IEnumerable<LoadResult> Results => new[] { Ceiling, Publish, Gateway }.OfType<LoadResult>();

    public double? RatioCeiling => Ceiling is null ? null : Gateway.Rate / Ceiling.Rate;

    public double? RatioPublish => Publish is null ? null : Gateway.Rate / Publish.Rate;
}
