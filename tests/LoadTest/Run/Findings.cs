using System.Globalization;
using Gateway.LoadTest.Budgets;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Counting;
using Gateway.LoadTest.Results;

namespace Gateway.LoadTest.Run;

/// <summary>All that a call has found out: what terminal and reports show.</summary>
internal sealed record Findings
{
    public required LoadOptions Options { get; init; }

    public required DateTimeOffset Began { get; init; }

    public required IReadOnlyList<Round> Rounds { get; init; }

    public required IReadOnlyList<Verdict> Verdicts { get; init; }

    /// <summary>What is wrong, a sentence each; budgets are not among them.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>What makes the figures less than they seem.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public required bool Interrupted { get; init; }

    public bool IsWell => Faults.Count == 0 && Verdicts.All(verdict => verdict.IsKept);

    public Spread? SpreadOf(Func<Round, double?> figure) => Spread.Of(Rounds.Select(figure));

    /// <param name="heard">What came up beside the rounds' figures.</param>
    public static Findings Of(
        LoadOptions options, IReadOnlyList<Round> rounds, Heard heard, DateTimeOffset began, bool interrupted) => new()
    {
        Options = options,
        Began = began,
        Rounds = rounds,
        Verdicts = BudgetCheck.Of(options.Budgets, rounds),
        Faults = [.. rounds.SelectMany(round => FaultsOf(round, options)).Concat(heard.Faults).Distinct()],
        Warnings =
        [
            .. heard.Notes,
            .. rounds.Select(round => round.Account?.Unchecked).OfType<string>().Distinct(),
            .. rounds.SelectMany(round => round.Results.SelectMany(ClientLimits.Of)
                .Select(warning => rounds.Count > 1 ? $"Round {round.Number}, {warning}" : warning)),
            .. ClientLimits.OfRatio(Spread.Of(rounds.Select(round => round.RatioCeiling))),
            .. MemoryNotChecked(options),
            .. interrupted ? ["Interrupted: this is what was measured until then."] : Array.Empty<string>(),
        ],
        Interrupted = interrupted,
    };

    private static IEnumerable<string> FaultsOf(Round round, LoadOptions options)
    {
        foreach (var result in round.Results)
        {
            if (result.Total.Counts.Sent == 0) yield return $"{result.Target}: nothing was sent.";
            if (result.GivenUp > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{result.Target}: {result.GivenUp:N0} connections were given "
                    + $"up, the server was away for {Units.Text(options.Timeout)} (--timeout).");
            }

            if (result.Unexpected > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{result.Target}: {result.Unexpected:N0} answers are "
                    + $"neither 202 nor 503: {Unexpected(result)}.");
            }
        }

        if (options.Drain && round.Account is null) yield return $"Round {round.Number}: what became of its events was not checked.";
        foreach (var fault in round.Account?.Faults ?? []) yield return fault;
    }

    private static string Unexpected(LoadResult result)
        => string.Join(", ", result.Total.ByStatus
            .Where(one => NoAnswer.IsUnexpected(one.Key)).Select(one => $"{one.Value} × {NoAnswer.NameOf(one.Key)}"));

    private static IEnumerable<string> MemoryNotChecked(LoadOptions options)
    {
        if (options is { Scenario: "soak", ProcessId: null }) yield return "The gateway's memory was not checked: that needs --pid.";
    }
}
