using Gateway.LoadTest.Counting;
using Gateway.LoadTest.Results;
using HdrHistogram;

namespace Gateway.LoadTest.Report;

/// <summary>One run in numbers. Latencies in milliseconds, of what was answered 202.</summary>
/// <param name="Latency">By percentile: p50, p90, p95, p99, p99.9, max, mean.</param>
/// <param name="Curve">Pairs of percentile and latency, denser towards the end.</param>
/// <param name="LatenessP99">Open loop: how late the client itself was.</param>
internal sealed record ResultModel(
    string Target, double Rate, double WallSeconds, double? OfferedRate, double? TopRate, TallyCounts Counts, IReadOnlyDictionary<string, long> ByStatus,
    double UnknownShare, IReadOnlyDictionary<string, double?> Latency, double? RefusalP99, IReadOnlyList<double[]> Curve, double? LatenessP99,
    double? ReleaseMilliseconds, double ClientCores, long? HighestRss, MemoryTrend? Memory, IReadOnlyList<Sample> Samples)
{
    public static ResultModel Of(LoadResult result) => new(
        result.Target, result.Rate, result.Wall.TotalSeconds, result.OfferedRate, result.TopRate, result.Total.Counts,
        result.Total.ByStatus.ToDictionary(one => NoAnswer.NameOf(one.Key), one => one.Value),
        result.UnknownShare,
        LatencyOf(result),
        result.Total.Others.TotalCount == 0 ? null : result.Total.Others.GetValueAtPercentile(99) / 1000.0,
        [.. CurveOf(result)],
        result.Lateness is { TotalCount: > 0 } lateness ? lateness.GetValueAtPercentile(99) / 1000.0 : null,
        result.Release?.TotalMilliseconds,
        result.ClientCores,
        result.HighestRss,
        MemoryTrend.Of(result.Samples),
        result.Samples);

    private static Dictionary<string, double?> LatencyOf(LoadResult result) => new()
    {
        ["p50"] = result.Milliseconds(50),
        ["p90"] = result.Milliseconds(90),
        ["p95"] = result.Milliseconds(95),
        ["p99"] = result.Milliseconds(99),
        ["p99.9"] = result.Milliseconds(99.9),
        ["max"] = result.Milliseconds(100),
        ["mean"] = result.Total.Promised.TotalCount == 0 ? null : result.Total.Promised.GetMean() / 1000,
    };

    private static IEnumerable<double[]> CurveOf(LoadResult result)
    {
        // Half-steps of "nines": 0, 50, 75, 90 … as far as there are events behind a step.
        var count = result.Total.Promised.TotalCount;
        for (var nines = 0.0; count > 0 && Math.Pow(10, nines) <= count; nines += 0.1)
        {
            var percentile = 100 * (1 - Math.Pow(10, -nines));
            yield return [percentile, result.Milliseconds(percentile) ?? 0];
        }
    }
}
