using System.Globalization;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Measure;
using Spectre.Console;

namespace Gateway.LoadTest.Report.Terminal;

/// <summary>Writes the findings to the terminal.</summary>
internal static class ConsoleSummary
{
    public static void Write(Findings findings)
    {
        var console = AnsiConsole.Console;
        if (findings.Rounds.Count == 0) return;
        // A pipe has no width; the default of 80 columns would wrap the tables.
        if (Console.IsOutputRedirected) console.Profile.Width = 140;
        console.WriteLine();
        console.Write(ResultTables.Figures(findings));
        console.Write(LatencyHistogram.Of(findings.Rounds[^1].Gateway));
        if (findings.Options.HasComparison) console.Write(ResultTables.Comparison(findings));
        foreach (var round in findings.Rounds) WriteAccount(console, round, findings.Rounds.Count);
        WriteMemory(console, findings);
        if (findings.BudgetResults.Count > 0) console.Write(ResultTables.Budgets(findings.BudgetResults));
        if (findings.Baseline is { } earlier && earlier.RatioOf(findings.Rounds) is { } ratio)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Compared with {earlier.File}: {ratio:0.00}, above 1 is better."));
        }

        foreach (var warning in findings.Warnings) console.MarkupLineInterpolated($"[yellow]![/] {warning}");
        foreach (var fault in findings.Faults) console.MarkupLineInterpolated($"[red]✗ {fault}[/]");
        console.MarkupLine(findings.Passed ? "[green]✓ Passed.[/]" : "[red]✗ Failed.[/]");
    }

    private static void WriteAccount(IAnsiConsole console, Round round, int rounds)
    {
        if (round.Account is not { } account) return;
        console.Write(ResultTables.Accounting(account, rounds == 1 ? "Accounting" : $"Accounting of round {round.Number}"));
        if (account.Rate is { } rate)
        {
            console.MarkupLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The worker settled [bold]{rate.Middle:N0}/s[/] between 10 % and 90 % of the events, "
                + $"{rate.Overall:N0}/s overall."));
        }
    }

    private static void WriteMemory(IAnsiConsole console, Findings findings)
    {
        foreach (var round in findings.Rounds)
        {
            if (round.Gateway.HighestRss is not { } highest) continue;
            var trend = MemoryTrend.Of(round.Gateway.Samples) is { } memory
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"; {Units.Megabytes((long)memory.First)} at the start of the run, {Units.Megabytes((long)memory.Last)} "
                    + $"at the end ({memory.Growth:+0.0 %;-0.0 %})")
                : "";
            console.MarkupLine($"Memory of the gateway: maximum [bold]{Units.Megabytes(highest)}[/]{trend}.");
        }
    }
}
