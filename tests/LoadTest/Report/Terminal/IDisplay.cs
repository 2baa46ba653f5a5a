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

    Task<T> LoadAsync<T>(string title, Func<Action<Sample>, Task<T>> load);

    Task<T> DrainAsync<T>(string title, Func<Action<DrainProgress>, Task<T>> drain);
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
