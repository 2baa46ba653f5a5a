using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Measure;
using Gateway.LoadTest.Measure.Accounting;
using Spectre.Console;

namespace Gateway.LoadTest.Report.Terminal;

/// <summary>Shows the progress of a session.</summary>
internal interface IDisplay
{
    static IDisplay ForTerminal()
        => Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi
            ? new PlainDisplay(Console.Out)
            : new LiveDisplay(AnsiConsole.Console);

    void Write(string sentence);

    /// <param name="secondsLeft">Until the end of the load.</param>
    Task<T> LoadAsync<T>(string title, Func<Sample, double> secondsLeft, Func<Action<Sample>, Task<T>> load);

    Task<T> DrainAsync<T>(string title, Func<Action<DrainProgress>, Task<T>> drain);
}

internal static class TimeLeft
{
    public static string Text(double seconds) => $"{Units.Text(TimeSpan.FromSeconds(Math.Ceiling(Math.Min(seconds, 1e6))))} left";

    /// <param name="rate">Settled events per second; unknown at 0.</param>
    public static string Text(DrainProgress progress, double rate)
        => rate <= 0 ? "" : $", {Text((progress.Accepted - progress.Settled) / rate)}";
}

/// <summary>Settled events per second since the previous call.</summary>
internal sealed class DrainRate
{
    private DrainProgress? _last;

    public double Next(DrainProgress progress)
    {
        var rate = _last is null || progress.At <= _last.At
            ? 0
            : (progress.Settled - _last.Settled) / (progress.At - _last.At);
        _last = progress;
        return rate;
    }
}
