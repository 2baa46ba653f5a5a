using System.Globalization;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Results;
using Gateway.LoadTest.Run;
using Spectre.Console;

namespace Gateway.LoadTest.Summaries;

/// <summary>What is left on the terminal at the end.</summary>
internal static class Summary
{
    public static void Write(Findings findings)
    {
        var console = AnsiConsole.Console;
        if (findings.Rounds.Count == 0) return;
        // A pipe has no width of its own; 80 columns would fold the tables.
        if (Console.IsOutputRedirected) console.Profile.Width = 140;
        console.WriteLine();
        console.Write(ResultTables.Figures(findings));
        console.Write(LatencyPicture.Of(findings.Rounds[^1].Gateway));
        if (findings.Options.TakesTurns) console.Write(ResultTables.Comparison(findings));
        foreach (var round in findings.Rounds) WriteAccount(console, round, findings.Rounds.Count);
        WriteMemory(console, findings);
        if (findings.Verdicts.Count > 0) console.Write(ResultTables.Budgets(findings.Verdicts));
        foreach (var warning in findings.Warnings) console.MarkupLineInterpolated($"[yellow]![/] {warning}");
        foreach (var fault in findings.Faults) console.MarkupLineInterpolated($"[red]✗ {fault}[/]");
        console.MarkupLine(findings.IsWell ? "[green]✓ All well.[/]" : "[red]✗ Not well.[/]");
    }

    private static void WriteAccount(IAnsiConsole console, Round round, int rounds)
    {
        if (round.Account is not { } account) return;
        console.Write(ResultTables.Accounting(account, rounds == 1 ? "Accounting" : $"Accounting of round {round.Number}"));
        if (account.Rate is { } rate)
        {
            console.MarkupLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The worker settled [bold]{rate.Middle:N0}/s[/] between 10 % and 90 %, {rate.Overall:N0}/s overall."));
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
                    $"; from {Units.Megabytes((long)memory.First)} early in the run to {Units.Megabytes((long)memory.Last)} "
                    + $"at its end ({memory.Growth:+0.0 %;-0.0 %})")
                : "";
            console.MarkupLine($"Memory of the gateway: at most [bold]{Units.Megabytes(highest)}[/]{trend}.");
        }
    }
}
