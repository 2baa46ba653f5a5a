using System.CommandLine;

namespace Gateway.LoadTest.Baselines;

/// <summary>Hidden commands: this program again, as the server that the gateway is compared with.</summary>
internal static class BaselineCommand
{
    public const string Ceiling = "serve-ceiling";

    public static Command OfCeiling()
    {
        var command = new Command(Ceiling, "Answers 202 to everything and stores nothing.") { Hidden = true };
        command.SetAction((_, stop) => CeilingServer.RunAsync(stop));
        return command;
    }
}
