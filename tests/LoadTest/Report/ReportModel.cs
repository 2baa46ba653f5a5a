using Gateway.LoadTest.Accounting;
using Gateway.LoadTest.Budgets;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Machine;
using Gateway.LoadTest.Results;
using Gateway.LoadTest.Run;

namespace Gateway.LoadTest.Report;

/// <summary>All that the report says, in the shape of its JSON.</summary>
internal sealed record ReportModel(
    DateTimeOffset BeganAt, bool IsWell, bool Interrupted, IReadOnlyDictionary<string, string> Options, MachineFacts Machine,
    IReadOnlyList<string> Faults, IReadOnlyList<string> Warnings, IReadOnlyList<Verdict> Budgets, ComparisonModel? Comparison,
    IReadOnlyDictionary<string, Spread?> Gateway, IReadOnlyList<RoundModel> Rounds)
{
    public static ReportModel Of(Findings findings) => new(
        findings.Began,
        findings.IsWell,
        findings.Interrupted,
        OptionsOf(findings.Options),
        MachineFacts.OfThis(),
        findings.Faults,
        findings.Warnings,
        findings.Verdicts,
        ComparisonModel.Of(findings),
        TargetSpreads.Of(findings, round => round.Gateway),
        [.. findings.Rounds.Select(RoundModel.Of)]);

    /// <summary>As a reader would say them; secrets stay out.</summary>
    private static Dictionary<string, string> OptionsOf(LoadOptions options)
    {
        var shown = new Dictionary<string, string> { ["gateway"] = options.Url.ToString() };
        if (options.Scenario.Length > 0) shown["scenario"] = options.Scenario;
        shown["load"] = options.Burst ? "burst: all requests at once, a connection each"
            : options.Rate is { } rate ? $"open loop, {rate}" : "closed loop";
        shown["connections"] = $"{options.Concurrency}";
        if (options.Requests is { } requests) shown["requests"] = $"{requests}";
        if (options.Duration is { } duration) shown["duration"] = Units.Text(duration);
        shown["events sent twice or more"] = FormattableString.Invariant($"{options.Duplicates:0.##%}");
        shown["rounds"] = $"{options.Rounds}";
        shown["warm-up"] = options.WarmUp.ToString();
        shown["time-out"] = Units.Text(options.Timeout);
        if (options.ProcessId is { } id) shown["process"] = $"{id}";
        return shown;
    }
}

/// <param name="Account">With its lines as they are shown.</param>
internal sealed record RoundModel(
    int Number, ResultModel Gateway, ResultModel? Ceiling, ResultModel? Publish, double? RatioCeiling, double? RatioPublish, AccountModel? Account)
{
    public static RoundModel Of(Round round) => new(
        round.Number, ResultModel.Of(round.Gateway), round.Ceiling is null ? null : ResultModel.Of(round.Ceiling),
        round.Publish is null ? null : ResultModel.Of(round.Publish), round.RatioCeiling, round.RatioPublish,
        round.Account is null ? null : AccountModel.Of(round.Account));
}

internal sealed record AccountModel(
    bool SettledInTime, double Seconds, IReadOnlyList<AccountLine> Lines, Books Books, RoutingCheck? Routing, SettledRate? SettledRate,
    IReadOnlyList<string> Faults, IReadOnlyList<DrainMoment> Moments)
{
    public static AccountModel Of(Account account) => new(
        account.SettledInTime, account.Seconds, [.. AccountLines.Of(account)], account.Books, account.Routing, account.Rate, account.Faults,
        account.Moments);
}
