using Spectre.Console;

namespace Gateway.LoadTest.Display;

internal static class Displays
{
    public static IDisplay ForThisTerminal()
        => Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? new PlainDisplay(Console.Out) : new LiveDisplay(AnsiConsole.Console);
}
