using Gateway.LoadTest.Measure;
using HdrHistogram;

namespace Gateway.LoadTest.Report;

/// <summary>The figures of one run. Latencies in milliseconds, of accepted requests.</summary>
/// <param name="Latency">By percentile: p50, p90, p95, p99, p99.9, max, mean.</param>
/// <param name="OtherP99">99th percentile of requests that were not accepted.</param>
/// <param name="Curve">Pairs of percentile and latency, denser towards 100 %.</param>
/// <param name="LatenessP99">Open loop: 99th percentile of the delay that the client itself caused.</param>
internal sealed record ResultModel(
    string Target, double Rate, double WallSeconds, double? OfferedRate, double? TopRate, RequestCounts Counts,
    IReadOnlyDictionary<string, long> ByStatus, double UnknownShare, IReadOnlyDictionary<string, double?> Latency,
    double? OtherP99, IReadOnlyList<double[]> Curve, double? LatenessP99, double? ReleaseMilliseconds, double ClientCores,
    long? HighestRss, MemoryTrend? Memory, IReadOnlyList<Sample> Samples)
{
    public static ResultModel Of(LoadResult result) => new(
        result.Target, result.Rate, result.Wall.TotalSeconds, result.OfferedRate, result.TopRate, result.Total.Counts,
        result.Total.ByStatus.ToDictionary(one => ResponseStatus.NameOf(one.Key), one => one.Value),
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
        ["mean"] = result.Total.Accepted.TotalCount == 0 ? null : result.Total.Accepted.GetMean() / 1000,
    };

    private static IEnumerable<double[]> CurveOf(LoadResult result)
    {
        // Steps of a tenth of a "nine" (0, 20, 37, 50 … 90 %), as far as the number of requests supports them.
        var count = result.Total.Accepted.TotalCount;
        for (var nines = 0.0; count > 0 && Math.Pow(10, nines) <= count; nines += 0.1)
        {
            var percentile = 100 * (1 - Math.Pow(10, -nines));
            yield return [percentile, result.Milliseconds(percentile) ?? 0];
        }
    }
}
