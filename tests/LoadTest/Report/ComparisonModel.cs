using System.Globalization;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Measure;

namespace Gateway.LoadTest.Report;

/// <summary>The gateway and the targets it is compared with, over all rounds.</summary>
internal sealed record ComparisonModel(
    string Title, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Spread?>> Targets, Spread? RatioCeiling,
    Spread? RatioPublish, Spread? RatioOther)
{
    public static ComparisonModel? Of(Findings findings)
    {
        if (!findings.Options.HasComparison) return null;
        var targets = new Dictionary<string, IReadOnlyDictionary<string, Spread?>>();
        if (findings.Rounds.Any(round => round.Ceiling is not null))
            targets["ceiling: stores nothing"] = TargetSpreads.Of(findings, round => round.Ceiling);
        if (findings.Rounds.Any(round => round.Publish is not null))
            targets["one publish per request"] = TargetSpreads.Of(findings, round => round.Publish);
        if (findings.Rounds.Any(round => round.Other is not null))
            targets[findings.Options.OtherName!] = TargetSpreads.Of(findings, round => round.Other);
        targets[findings.Options.TargetName] = TargetSpreads.Of(findings, round => round.Gateway);
        return new ComparisonModel(
            TitleOf(findings.Options), targets, findings.SpreadOf(round => round.RatioCeiling),
            findings.SpreadOf(round => round.RatioPublish), findings.SpreadOf(round => round.RatioOther));
    }

    public static string TitleOf(LoadOptions options)
        => options.Rate?.ShareOfTop is { } share
            ? string.Create(CultureInfo.InvariantCulture, $"Comparison, each target at {share * 100:0.##} % of its own top rate")
            : "Comparison under the same load";
}

/// <summary>The main figures of one target, as spreads over all rounds.</summary>
internal static class TargetSpreads
{
    public static IReadOnlyDictionary<string, Spread?> Of(Findings findings, Func<Round, LoadResult?> target)
        => new Dictionary<string, Spread?>
        {
            ["rate"] = findings.SpreadOf(round => target(round)?.Rate),
            ["p50"] = findings.SpreadOf(round => target(round)?.Milliseconds(50)),
            ["p99"] = findings.SpreadOf(round => target(round)?.Milliseconds(99)),
            ["wallSeconds"] = findings.SpreadOf(round => target(round)?.Wall.TotalSeconds),
        };
}
