using System.Globalization;
using Gateway.LoadTest.Cli;

namespace Gateway.LoadTest.Measure;

/// <summary>
/// Compares each limit with the median of all rounds, or with the worst round for unknown requests and memory, where a median
/// would hide a problem. A figure that was not measured breaks its budget.
/// </summary>
internal static class BudgetCheck
{
    public static IReadOnlyList<BudgetResult> Of(
        BudgetLimits limits, IReadOnlyList<Round> rounds, EarlierReport? baseline = null)
    {
        double? MedianOf(Func<Round, double?> figure) => Spread.Of(rounds.Select(figure))?.Median;
        double? WorstOf(Func<Round, double?> figure)
            => rounds.All(round => figure(round) is not null) ? rounds.Max(figure) : null;
        return
        [
            .. AtMost("--max-p50", limits.MaxP50?.TotalMilliseconds, MedianOf(round => round.Gateway.Milliseconds(50)), "0.0 ms"),
            .. AtMost("--max-p99", limits.MaxP99?.TotalMilliseconds, MedianOf(round => round.Gateway.Milliseconds(99)), "0.0 ms"),
            .. AtMost("--max-wall", limits.MaxWall?.TotalSeconds, MedianOf(round => round.Gateway.Wall.TotalSeconds), "0.000 s"),
            .. AtLeast("--min-rate", limits.MinRate, MedianOf(round => round.Gateway.Rate), "#,0/s"),
            .. AtMost("--max-unknown", limits.MaxUnknown, WorstOf(round => round.Gateway.UnknownShare), "0.##%"),
            .. AtLeast("--min-settled-rate", limits.MinSettledRate, MedianOf(round => round.Account?.Rate?.Middle), "#,0/s"),
            .. AtLeast("--min-ratio-ceiling", limits.MinRatioCeiling, MedianOf(round => round.RatioCeiling), "0.00"),
            .. AtLeast("--min-ratio-publish", limits.MinRatioPublish, MedianOf(round => round.RatioPublish), "0.00"),
            .. AtLeast("--min-ratio-baseline", limits.MinRatioBaseline, baseline?.RatioOf(rounds), "0.00"),
            .. AtMost("--max-rss", limits.MaxRss / 1048576.0, WorstOf(round => round.Gateway.HighestRss / 1048576.0), "#,0 MB"),
            .. AtMost(
                "--max-rss-growth", limits.MaxRssGrowth, WorstOf(round => MemoryTrend.Of(round.Gateway.Samples)?.Growth), "0.#%"),
        ];
    }

    private static IEnumerable<BudgetResult> AtMost(string budget, double? limit, double? measured, string format)
        => Checked(budget, limit, measured, format, kept: measured <= limit);

    private static IEnumerable<BudgetResult> AtLeast(string budget, double? limit, double? measured, string format)
        => Checked(budget, limit, measured, format, kept: measured >= limit);

    private static IEnumerable<BudgetResult> Checked(string budget, double? limit, double? measured, string format, bool kept)
    {
        if (limit is null) yield break;
        yield return new BudgetResult(budget, Text(limit, format), Text(measured, format), kept);
    }

    private static string Text(double? value, string format)
        => value?.ToString(format, CultureInfo.InvariantCulture) ?? "not measured";
}

/// <summary>One budget, its measured figure and whether the budget was kept.</summary>
internal sealed record BudgetResult(string Budget, string Limit, string Measured, bool IsKept);
