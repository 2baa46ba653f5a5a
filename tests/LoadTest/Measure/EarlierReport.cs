using System.Text.Json;

namespace Gateway.LoadTest.Measure;

/// <summary>The figures of an earlier report.json, which the run is compared with (--baseline).</summary>
internal sealed record EarlierReport(
    string File, string Version, DateTimeOffset BeganAt, double? Rate, double? P99, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>Options that may differ, because their text is not what the figures depend on.</summary>
    private static readonly string[] Incidental = ["gateway", "scenario", "rounds", "warm-up", "process"];

    public static EarlierReport Read(string path)
    {
        try
        {
            using var report = JsonDocument.Parse(System.IO.File.ReadAllText(path));
            var (root, figures) = (report.RootElement, report.RootElement.GetProperty("gateway"));
            return new EarlierReport(
                path, root.GetProperty("version").GetString()!, root.GetProperty("beganAt").GetDateTimeOffset(),
                MedianOf(figures, "rate"), MedianOf(figures, "p99"),
                root.GetProperty("options").Deserialize<Dictionary<string, string>>()!);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException
            or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CannotRunException($"{path} is not a report of this tool (--baseline): {fault.Message}");
        }
    }

    /// <summary>
    /// Above 1 where this run is better: of the rates or, in an open loop, where the rate is given, of the 99th percentiles.
    /// </summary>
    public double? RatioOf(IReadOnlyList<Round> rounds)
        => rounds.Any(round => round.Gateway.OfferedRate is not null)
            ? P99 / Spread.Of(rounds.Select(round => round.Gateway.Milliseconds(99)))?.Median
            : Spread.Of(rounds.Select(round => (double?)round.Gateway.Rate))?.Median / Rate;

    /// <summary>What differs between both runs, so that the ratio says little.</summary>
    public IEnumerable<string> Differences(IReadOnlyDictionary<string, string> options)
        => from name in Options.Keys.Union(options.Keys).Except(Incidental)
           let then = Options.GetValueOrDefault(name, "none")
           let now = options.GetValueOrDefault(name, "none")
           where then != now
           select $"The baseline was measured with {name} {then}, this run with {now}.";

    private static double? MedianOf(JsonElement figures, string name)
        => figures.GetProperty(name) is { ValueKind: JsonValueKind.Object } spread ? spread.GetProperty("median").GetDouble()
            : null;
}
