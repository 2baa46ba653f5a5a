using System.CommandLine;
using Gateway.LoadTest.Budgets;

namespace Gateway.LoadTest.Cli;

/// <summary>The options that a run must keep; of several rounds the median, of unknowns and memory the worst.</summary>
internal sealed class BudgetArguments
{
    private readonly Option<TimeSpan?> _maxP50 =
        OptionOf.Time("--max-p50", "Budget: median latency of accepted requests, e.g. 20ms.");
    private readonly Option<TimeSpan?> _maxP99 =
        OptionOf.Time("--max-p99", "Budget: 99th percentile of the latency of accepted requests, e.g. 150ms.");
    private readonly Option<TimeSpan?> _maxWall =
        OptionOf.Time("--max-wall", "Budget: time from the first request to the last answer, e.g. 2s.");
    private readonly Option<double?> _minRate = new("--min-rate") { Description = "Budget: accepted requests a second." };
    private readonly Option<double?> _maxUnknown =
        OptionOf.Share("--max-unknown", "Budget: share of requests answered 503 or not at all, e.g. 1%.");
    private readonly Option<double?> _minSettledRate =
        new("--min-settled-rate") { Description = "Budget, with --drain: events settled a second, between 10 % and 90 % of "
            + "them." };
    private readonly Option<double?> _minRatioCeiling =
        OptionOf.Share("--min-ratio-ceiling", "Budget, with --compare: the gateway's rate as a share of the ceiling's, e.g. "
            + "0.5.");
    private readonly Option<double?> _minRatioPublish =
        OptionOf.Share("--min-ratio-publish", "Budget, with --compare: the gateway's rate as a multiple of one publish per "
            + "request, e.g. 1.5.");
    private readonly Option<long?> _maxRss =
        OptionOf.Size("--max-rss", "Budget, with --pid: highest resident memory of the gateway, e.g. 500MB.");
    private readonly Option<double?> _maxRssGrowth =
        OptionOf.Share("--max-rss-growth", "Budget, with --pid: growth of its memory from the first fifth of the run to the "
            + "last, e.g. 10%.");

    public IEnumerable<Option> All
        => [_maxP50, _maxP99, _maxWall, _minRate, _maxUnknown, _minSettledRate, _minRatioCeiling, _minRatioPublish, _maxRss, _maxRssGrowth];

    public BudgetLimits LimitsOf(ParseResult parsed, Scenario scenario, bool seesMemory) => new(
        parsed.GetValue(_maxP50),
        parsed.GetValue(_maxP99) ?? scenario.MaxP99,
        parsed.GetValue(_maxWall),
        parsed.GetValue(_minRate),
        parsed.GetValue(_maxUnknown) ?? scenario.MaxUnknown,
        parsed.GetValue(_minSettledRate),
        parsed.GetValue(_minRatioCeiling),
        parsed.GetValue(_minRatioPublish),
        parsed.GetValue(_maxRss),
        parsed.GetValue(_maxRssGrowth) ?? (seesMemory ? scenario.MaxRssGrowth : null));
}
