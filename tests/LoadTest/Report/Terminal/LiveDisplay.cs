using System.Globalization;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Measure;
using Gateway.LoadTest.Measure.Accounting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.LoadTest.Report.Terminal;

/// <summary>Updates a panel in place, for terminals.</summary>
internal sealed class LiveDisplay(IAnsiConsole console) : IDisplay
{
    private const int BarWidth = 40;

    public void Write(string sentence) => console.MarkupLineInterpolated($"[grey]{sentence}[/]");

    public Task<T> LoadAsync<T>(string title, Func<Sample, double> secondsLeft, Func<Action<Sample>, Task<T>> load)
        => ShowAsync(title, show => load(sample => show(TableOf(sample, secondsLeft(sample)))));

    public Task<T> DrainAsync<T>(string title, Func<Action<DrainProgress>, Task<T>> drain)
    {
        var rate = new DrainRate();
        return ShowAsync(title, show => drain(progress => show(BarOf(progress, rate.Next(progress)))));
    }

    private async Task<T> ShowAsync<T>(string title, Func<Action<IRenderable>, Task<T>> work)
    {
        Panel Framed(IRenderable content)
            => new Panel(content).Header($" {title.EscapeMarkup()} ").RoundedBorder().BorderColor(Color.Grey).Expand();

        T result = default!;
        await console.Live(Framed(new Text("…"))).AutoClear(true)
            .StartAsync(async live => result = await work(content => live.UpdateTarget(Framed(content))));
        return result;
    }

    private static Table TableOf(Sample sample, double secondsLeft)
    {
        var table = new Table().NoBorder().Expand();
        foreach (var name in new[] { "time", "", "sent", "in flight", "rate", "p50", "p99", "server" })
            table.AddColumn($"[grey]{name}[/]");
        table.AddRow(
            Text($"{sample.At:0.0} s"), TimeLeft.Text(secondsLeft), Text($"{sample.Sent:N0}"), Text($"{sample.InFlight:N0}"),
            Text($"[bold]{sample.Rate:N0}/s[/]"), Text($"{sample.P50:0.0} ms"), Text($"{sample.P99:0.0} ms"),
            sample.ServerRss is { } rss ? Text($"{Units.Megabytes(rss)}, {sample.ServerCpu:0.0} cores") : "");
        var byStatus = string.Join("   ", sample.RateByStatus.OrderBy(one => one.Key)
            .Select(one => Text($"[{StatusColour.Of(one.Key)}]{ResponseStatus.NameOf(one.Key)}[/] {one.Value:N0}/s")));
        return table.Caption(byStatus);
    }

    private static Markup BarOf(DrainProgress progress, double rate)
    {
        var share = progress.Accepted == 0 ? 1 : Math.Clamp(progress.Settled / (double)progress.Accepted, 0, 1);
        var done = (int)(share * BarWidth);
        var bar = $"[green]{new string('━', done)}[/][grey]{new string('━', BarWidth - done)}[/]";
        return new Markup(
            Text($"{bar} {progress.Settled:N0} of {progress.Accepted:N0}, [bold]{rate:N0}/s[/], {progress.At:0} s")
            + TimeLeft.Text(progress, rate));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
