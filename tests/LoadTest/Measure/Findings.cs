using System.Globalization;
using Gateway.LoadTest.Cli;

namespace Gateway.LoadTest.Measure;

/// <summary>The result of all rounds, as terminal and report show it.</summary>
internal sealed record Findings
{
    public required LoadOptions Options { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required IReadOnlyList<Round> Rounds { get; init; }

    public required IReadOnlyList<BudgetResult> BudgetResults { get; init; }

    /// <summary>Failures other than broken budgets, one sentence each.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Reasons to doubt the figures, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public required bool Interrupted { get; init; }

    public EarlierReport? Baseline { get; init; }

    /// <summary>As the gateway names it; null where it does not.</summary>
    public string? GatewayVersion { get; init; }

    public bool Passed => Faults.Count == 0 && BudgetResults.All(result => result.IsKept);

    public Spread? SpreadOf(Func<Round, double?> figure) => Spread.Of(Rounds.Select(figure));

    public static Findings Of(
        LoadOptions options, IReadOnlyList<Round> rounds, SessionNotes notes, DateTimeOffset startedAt, bool interrupted,
        EarlierReport? baseline = null) => new()
    {
        Options = options,
        StartedAt = startedAt,
        Rounds = rounds,
        BudgetResults = BudgetCheck.Of(options.Budgets, rounds, baseline),
        Faults = [.. rounds.SelectMany(round => FaultsOf(round, options)).Concat(notes.Faults).Distinct()],
        Warnings =
        [
            .. notes.Warnings,
            .. rounds.Select(round => round.Account?.Unchecked).OfType<string>().Distinct(),
            .. rounds.SelectMany(round => round.Results.SelectMany(ClientLimits.Of)
                .Select(warning => rounds.Count > 1 ? $"Round {round.Number}, {warning}" : warning)),
            .. ClientLimits.OfRatio(Spread.Of(rounds.Select(round => round.RatioCeiling))),
            .. MemoryNotChecked(options),
            .. baseline?.Differences(options.Texts()) ?? [],
            .. interrupted ? ["Interrupted: the figures cover the run up to the interruption."] : Array.Empty<string>(),
        ],
        Interrupted = interrupted,
        Baseline = baseline,
    };

    private static IEnumerable<string> FaultsOf(Round round, LoadOptions options)
    {
        foreach (var result in round.Results)
        {
            if (result.Total.Counts.Sent == 0) yield return $"{result.Target}: no request was sent.";
            else if (result.Total.AcceptedRequests == 0) yield return $"{result.Target}: no request was accepted.";
            if (result.LostConnections > 0)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{result.Target}: {result.LostConnections:N0} connections could not be reopened within "
                    + $"{Units.Text(options.Timeout)} (--timeout).");
            }

            if (result.Unexpected > 0)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{result.Target}: {result.Unexpected:N0} responses are neither a success nor 503: {Unexpected(result)}.");
            }
        }

        if (options.Drain && round.Account is null)
            yield return $"Round {round.Number}: the outcome of its events was not checked.";
        foreach (var fault in round.Account?.Faults ?? []) yield return fault;
    }

    private static string Unexpected(LoadResult result)
        => string.Join(
            ", ",
            result.Total.ByStatus
                .Where(one => ResponseStatus.IsUnexpected(one.Key))
                .Select(one => $"{one.Value} × {ResponseStatus.NameOf(one.Key)}"));

    private static IEnumerable<string> MemoryNotChecked(LoadOptions options)
    {
        if (options is { Scenario: "soak", ProcessId: null }) yield return "The gateway's memory was not checked: set --pid.";
    }
}

/// <summary>Faults and warnings that are not part of a round, one sentence each.</summary>
internal sealed record SessionNotes(IReadOnlyList<string> Faults, IReadOnlyList<string> Warnings);
