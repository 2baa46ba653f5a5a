using System.Runtime.InteropServices;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Measure;
using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Report;

/// <summary>The report in the shape of its JSON.</summary>
internal sealed record ReportModel(
    string Version, string? GatewayVersion, DateTimeOffset BeganAt, bool Passed, bool Interrupted,
    IReadOnlyDictionary<string, string> Options,
    MachineInfo Machine, IReadOnlyList<string> Faults, IReadOnlyList<string> Warnings, IReadOnlyList<BudgetResult> Budgets,
    BaselineModel? Baseline, ComparisonModel? Comparison, IReadOnlyDictionary<string, Spread?> Gateway,
    IReadOnlyList<RoundModel> Rounds)
{
    public static ReportModel Of(Findings findings) => new(
        LoadArguments.Version,
        findings.GatewayVersion,
        findings.StartedAt,
        findings.Passed,
        findings.Interrupted,
        findings.Options.Texts(),
        MachineInfo.Current(),
        findings.Faults,
        findings.Warnings,
        findings.BudgetResults,
        findings.Baseline is { } earlier
            ? new BaselineModel(earlier.File, earlier.Version, earlier.BeganAt, earlier.RatioOf(findings.Rounds)) : null,
        ComparisonModel.Of(findings),
        TargetSpreads.Of(findings, round => round.Gateway),
        [.. findings.Rounds.Select(RoundModel.Of)]);
}

/// <param name="Ratio">Above 1 where this run is better.</param>
internal sealed record BaselineModel(string File, string Version, DateTimeOffset BeganAt, double? Ratio);

internal sealed record RoundModel(
    int Number, ResultModel Gateway, ResultModel? Ceiling, ResultModel? Publish, double? RatioCeiling, double? RatioPublish,
    AccountModel? Account)
{
    public static RoundModel Of(Round round) => new(
        round.Number, ResultModel.Of(round.Gateway), round.Ceiling is null ? null : ResultModel.Of(round.Ceiling),
        round.Publish is null ? null : ResultModel.Of(round.Publish), round.RatioCeiling, round.RatioPublish,
        round.Account is null ? null : AccountModel.Of(round.Account));
}

internal sealed record AccountModel(
    bool SettledInTime, double Seconds, IReadOnlyList<AccountLine> Lines, AccountedEvents Books, RoutingCheck? Routing,
    SettledRate? SettledRate, IReadOnlyList<string> Faults, IReadOnlyList<DrainProgress> Moments)
{
    public static AccountModel Of(Account account) => new(
        account.SettledInTime, account.Seconds, [.. AccountLines.Of(account)], account.Events, account.Routing, account.Rate,
        account.Faults, account.Progress);
}

/// <summary>The machine on which the figures were measured.</summary>
internal sealed record MachineInfo(string Os, string Processor, int Cores, long MemoryBytes, string Runtime)
{
    private const string CpuInfo = "/proc/cpuinfo";

    public static MachineInfo Current() => new(
        RuntimeInformation.OSDescription,
        ModelOf(File.Exists(CpuInfo) ? File.ReadLines(CpuInfo) : []),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        RuntimeInformation.FrameworkDescription);

    private static string ModelOf(IEnumerable<string> lines)
        => lines.FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
           ?? RuntimeInformation.ProcessArchitecture.ToString();
}
