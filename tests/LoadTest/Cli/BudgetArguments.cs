using System.CommandLine;

namespace Gateway.LoadTest.Cli;

/// <summary>Budget options. Of several rounds the median counts; for unknown requests and memory the worst.</summary>
internal sealed class BudgetArguments
{
    private const double DefaultRatioBaseline = 0.9;

    private readonly Option<TimeSpan?> _maxP50 =
        OptionFactory.Time("--max-p50", "Budget: median latency of accepted requests, e.g. 20ms.");
    private readonly Option<TimeSpan?> _maxP99 =
        OptionFactory.Time("--max-p99", "Budget: 99th percentile of the latency of accepted requests, e.g. 150ms.");
    private readonly Option<TimeSpan?> _maxWall =
        OptionFactory.Time("--max-wall", "Budget: time from the first request to the last response, e.g. 2s.");
    private readonly Option<double?> _minRate = new("--min-rate") { Description = "Budget: accepted events per second." };
    private readonly Option<double?> _maxUnknown =
        OptionFactory.Share("--max-unknown", "Budget: share of requests with a 503 or no response, e.g. 1%.");
    private readonly Option<double?> _minSettledRate =
        new("--min-settled-rate")
        {
            Description = "Budget, with --drain: events settled per second, measured between 10 % and 90 % of the events.",
        };
    private readonly Option<double?> _minRatioCeiling =
        OptionFactory.Share("--min-ratio-ceiling", "Budget, with --compare: the gateway's rate as a share of the ceiling's, "
            + "e.g. 0.5.");
    private readonly Option<double?> _minRatioPublish =
        OptionFactory.Share("--min-ratio-publish", "Budget, with --compare: the gateway's rate as a multiple of the rate of "
            + "one publish per request, e.g. 1.5.");
    private readonly Option<double?> _minRatioBaseline =
        OptionFactory.Share("--min-ratio-baseline", "Budget, with --baseline: the ratio to the earlier run. Default: 0.9.");
    private readonly Option<long?> _maxRss =
        OptionFactory.Size("--max-rss", "Budget, with --pid: highest resident memory of the gateway, e.g. 500MB.");
    private readonly Option<double?> _maxRssGrowth =
        OptionFactory.Share("--max-rss-growth", "Budget, with --pid: memory growth from the first fifth of the run to the last "
            + "fifth, e.g. 10%.");

    public IEnumerable<Option> All =>
    [
        _maxP50, _maxP99, _maxWall, _minRate, _maxUnknown, _minSettledRate, _minRatioCeiling, _minRatioPublish,
        _minRatioBaseline, _maxRss, _maxRssGrowth,
    ];

    public BudgetLimits LimitsOf(ParseResult parsed, Scenario scenario, bool hasProcess, bool hasBaseline) => new(
        parsed.GetValue(_maxP50),
        parsed.GetValue(_maxP99) ?? scenario.MaxP99,
        parsed.GetValue(_maxWall),
        parsed.GetValue(_minRate),
        parsed.GetValue(_maxUnknown) ?? scenario.MaxUnknown,
        parsed.GetValue(_minSettledRate),
        parsed.GetValue(_minRatioCeiling),
        parsed.GetValue(_minRatioPublish),
        parsed.GetValue(_minRatioBaseline) ?? (hasBaseline ? DefaultRatioBaseline : null),
        parsed.GetValue(_maxRss),
        parsed.GetValue(_maxRssGrowth) ?? (hasProcess ? scenario.MaxRssGrowth : null));
}

/// <summary>The limits of a run; null sets no limit.</summary>
/// <param name="MaxWall">From the first request to the last response.</param>
/// <param name="MaxUnknown">Share of requests with a 503 or no response.</param>
/// <param name="MinSettledRate">Events settled per second, between 10 % and 90 % of the events.</param>
/// <param name="MaxRss">Highest resident memory of the gateway, in bytes.</param>
/// <param name="MaxRssGrowth">Share by which the gateway's memory may grow during the run.</param>
internal sealed record BudgetLimits(
    TimeSpan? MaxP50, TimeSpan? MaxP99, TimeSpan? MaxWall, double? MinRate, double? MaxUnknown, double? MinSettledRate,
    double? MinRatioCeiling, double? MinRatioPublish, double? MinRatioBaseline, long? MaxRss, double? MaxRssGrowth);
