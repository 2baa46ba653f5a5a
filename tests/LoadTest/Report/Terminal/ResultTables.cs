using System.Globalization;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Measure;
using Gateway.LoadTest.Measure.Accounting;
using Spectre.Console;

namespace Gateway.LoadTest.Report.Terminal;

/// <summary>The findings as terminal tables.</summary>
internal static class ResultTables
{
    private static readonly double[] Percentiles = [50, 90, 95, 99, 99.9, 100];

    /// <summary>One column per round.</summary>
    public static Table Figures(Findings findings)
    {
        var table = Titled($"The gateway at {findings.Options.Url}");
        table.AddColumn("");
        foreach (var round in findings.Rounds)
            table.AddColumn(Right(findings.Rounds.Count == 1 ? "" : $"round {round.Number}"));
        void Row(string name, Func<LoadResult, string> value)
            => table.AddRow([name, .. findings.Rounds.Select(round => value(round.Gateway))]);

        Row("[bold]accepted per second[/]", result => $"[bold]{N(result.Rate)}[/]");
        foreach (var percentile in Percentiles)
            Row(percentile == 100 ? "max" : Text($"p{percentile}"), result => Milliseconds(result.Milliseconds(percentile)));
        if (findings.Rounds.Any(round => round.Gateway.Total.AcceptedEvents > round.Gateway.Total.AcceptedRequests))
            Row("accepted requests per second", result => N(result.RequestRate));
        Row("wall time", result => Units.Text(result.Wall));
        Row("requests sent", result => N(result.Total.Counts.Sent));
        foreach (var status in findings.Rounds.SelectMany(round => round.Gateway.Total.ByStatus.Keys).Distinct().Order())
        {
            Row(
                $"[{StatusColour.Of(status)}]{ResponseStatus.NameOf(status)}[/]",
                result => N(result.Total.ByStatus.GetValueOrDefault(status)));
        }

        Row("duplicates sent", result => N(result.Total.Counts.Repeats));
        Row("Idempotent-Replayed responses", result => N(result.Total.Counts.Replayed));
        if (findings.Rounds.Any(round => round.Gateway.Total.Counts.Reconnects > 0))
            Row("reconnects", result => N(result.Total.Counts.Reconnects));
        if (findings.Rounds[0].Gateway.OfferedRate is not null) Row("offered per second", result => N(result.OfferedRate ?? 0));
        if (findings.Rounds[0].Gateway.TopRate is not null) Row("top rate, measured first", result => N(result.TopRate ?? 0));
        Row("client CPU, cores", result => Text($"{result.ClientCores:0.00}"));
        return table;
    }

    public static Table Comparison(Findings findings)
    {
        var rounds = findings.Rounds.Count == 1 ? "" : $", {findings.Rounds.Count} rounds in turn: min / median / max";
        var table = Titled($"{ComparisonModel.TitleOf(findings.Options)}{rounds}");
        table.AddColumns(Right("target"), Right("accepted per second"), Right("p50, ms"), Right("p99, ms"), Right("wall, s"));
        void Row(string name, Func<Round, LoadResult?> of)
        {
            if (findings.Rounds.All(round => of(round) is null)) return;
            table.AddRow(
                name, Spread(findings, round => of(round)?.Rate, "#,0"),
                Spread(findings, round => of(round)?.Milliseconds(50), "0.0"),
                Spread(findings, round => of(round)?.Milliseconds(99), "0.0"),
                Spread(findings, round => of(round)?.Wall.TotalSeconds, "0.000"));
        }

        Row("ceiling: stores nothing", round => round.Ceiling);
        Row("one publish per request", round => round.Publish);
        Row(findings.Options.OtherName ?? "", round => round.Other);
        Row($"[bold]{findings.Options.TargetName}[/]", round => round.Gateway);
        table.AddEmptyRow();
        Ratio("ceiling", round => round.RatioCeiling);
        Ratio("one publish per request", round => round.RatioPublish);
        Ratio(findings.Options.OtherName ?? "", round => round.RatioOther);
        return table;

        void Ratio(string name, Func<Round, double?> of)
        {
            if (findings.Rounds.Any(round => of(round) is not null))
                table.AddRow($"[bold]{findings.Options.TargetName} ÷ {name}[/]", $"[bold]{Spread(findings, of, "0.00")}[/]");
        }
    }

    public static Table Accounting(Account account, string title)
    {
        var table = Titled(title);
        table.AddColumn("").AddColumn(Right("events")).AddColumn("");
        foreach (var line in AccountLines.Of(account))
        {
            var mark = line.IsRight switch { true => "[green]✓[/]", false => "[red]✗[/]", null => "" };
            table.AddRow(line.What, N(line.Count), mark);
        }

        return table;
    }

    public static Table Budgets(IEnumerable<BudgetResult> results)
    {
        var table = Titled("Budgets");
        table.AddColumn("").AddColumn(Right("limit")).AddColumn(Right("measured")).AddColumn("");
        foreach (var result in results)
        {
            var mark = result.IsKept ? "[green]✓ kept[/]" : "[red]✗ broken[/]";
            table.AddRow(result.Budget, result.Limit, result.Measured, mark);
        }

        return table;
    }

    private static string Spread(Findings findings, Func<Round, double?> figure, string format)
    {
        if (findings.SpreadOf(figure) is not { } spread) return "-";
        string Shown(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return findings.Rounds.Count == 1
            ? Shown(spread.Median)
            : $"{Shown(spread.Min)} / {Shown(spread.Median)} / {Shown(spread.Max)}";
    }

    private static Table Titled(string title) => new Table().RoundedBorder().BorderColor(Color.Grey).Title(title.EscapeMarkup());

    private static TableColumn Right(string name) => new TableColumn(name).RightAligned();

    private static string Milliseconds(double? value) => value is null ? "-" : Text($"{value:#,0.00} ms");

    private static string N(double value) => Text($"{value:N0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

internal static class StatusColour
{
    public static string Of(int status)
        => ResponseStatus.IsAccepted(status) ? "green" : ResponseStatus.IsUnknown(status) ? "yellow" : "red";
}
