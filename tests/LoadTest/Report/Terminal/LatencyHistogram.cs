using System.Globalization;
using Gateway.LoadTest.Measure;
using HdrHistogram;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.LoadTest.Report.Terminal;

/// <summary>A bar chart of the latencies, in buckets of 1, 2, 5, 10, 20, 50 …</summary>
internal static class LatencyHistogram
{
    private const int Width = 50;

    public static IRenderable Of(LoadResult result)
    {
        var histogram = result.Total.Accepted;
        if (histogram.TotalCount == 0) return new Text("");
        var grid = new Grid().AddColumn(new GridColumn().RightAligned()).AddColumn().AddColumn();
        // The iterator reuses one object, so its values are copied.
        (long Latency, long Count)[] values =
            [.. histogram.RecordedValues().Select(value => (value.ValueIteratedTo, value.CountAddedInThisIterationStep))];
        long from = 0;
        foreach (var to in Bounds().SkipWhile(bound => bound < histogram.GetValueAtPercentile(0.1)))
        {
            var count = values.Where(value => value.Latency >= from && value.Latency < to).Sum(value => value.Count);
            var share = count / (double)histogram.TotalCount;
            if (count > 0 || from > 0)
            {
                grid.AddRow(
                    string.Create(CultureInfo.InvariantCulture, $"< {to / 1000.0:0.###} ms"),
                    $"[blue]{new string('█', (int)Math.Ceiling(share * Width))}[/]",
                    string.Create(CultureInfo.InvariantCulture, $"[grey]{share:0.##%}[/]"));
            }

            from = to;
            if (to > histogram.GetMaxValue()) break;
        }

        return new Padder(grid, new Padding(1, 0, 0, 1));
    }

    /// <summary>Upper bounds in microseconds, from 0.05 ms to ten minutes.</summary>
    private static IEnumerable<long> Bounds()
    {
        for (long decade = 10; decade <= 100_000_000; decade *= 10)
        {
            foreach (var digit in new[] { 1, 2, 5 })
                if (digit * decade >= 50) yield return digit * decade;
        }
    }
}
