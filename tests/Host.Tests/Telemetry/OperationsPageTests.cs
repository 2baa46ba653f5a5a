using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Gateway.Host.Tests.Architecture;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Telemetry;

/// <summary>docs/operations/metrics.md lists exactly the existing metrics, with their units.</summary>
public sealed partial class OperationsPageTests
{
    [Fact]
    public async Task Metrics_page_lists_exactly_the_existing_metrics_with_kind_and_unit()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Solution.Root, "docs", "operations", "metrics.md"));

        var listed = Row().Matches(page)
            .Select(row => $"{row.Groups["name"]} {row.Groups["prometheus"]} {row.Groups["kind"]} {row.Groups["unit"]}");

        listed.Order().ShouldBe((await InstrumentsAsync()).Order());
    }

    private static async Task<IReadOnlyCollection<string>> InstrumentsAsync()
    {
        var found = new HashSet<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            lock (found) if (instrument.Meter.Name == "Gateway.EventsGateway") found.Add(LineOf(instrument));
        };
        listener.Start();
        await using (GatewayHost.Start()) return found;
    }

    private static string LineOf(Instrument instrument)
    {
        var kind = instrument.GetType().Name switch
        {
            "Counter`1" or "ObservableCounter`1" => "counter",
            "Histogram`1" => "histogram",
            _ => "gauge",
        };
        var prometheus = instrument.Name.Replace(
            '.', '_') + (instrument.Unit == "s" ? "_seconds" : "") + (kind == "counter" ? "_total" : "");
        return $"{instrument.Name} {prometheus} {kind} {instrument.Unit}";
    }

    [GeneratedRegex(
        @"^\| `(?<name>gateway\.[a-z_.]+)`<br>`(?<prometheus>[a-z_]+)` \| (?<kind>\w+), (?<unit>\S+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
