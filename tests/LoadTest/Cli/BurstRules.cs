using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Gateway.LoadTest.Cli;

/// <summary>A burst is a connection for every request, all at the same moment: other shapes of load do not go with it.</summary>
internal sealed class BurstRules(Argument<string?> scenario, Option<bool> burst, Option<long?> requests, IReadOnlyList<Option> excluded)
{
    /// <summary>About as many ports as one address has.</summary>
    public const int MostConnections = 60_000;

    public void AddTo(Command command) => command.Validators.Add(Check);

    private void Check(CommandResult given)
    {
        if (!IsBurst(given)) return;
        foreach (var option in excluded)
            if (given.GetResult(option) is { Implicit: false }) given.AddError($"{option.Name} does not go with a burst.");
        if (TextOf(given, requests) is { } text && long.TryParse(text, CultureInfo.InvariantCulture, out var count) && count > MostConnections)
            given.AddError($"A burst has at most {MostConnections} requests (--requests), not {text}.");
    }

    private bool IsBurst(CommandResult given)
        => given.GetValue(burst) || given.GetResult(scenario) is { Tokens: [var name, ..] } && Scenario.All.Any(one => one.Burst && one.Name == name.Value);

    // What the option itself refuses has no value to ask for.
    private static string? TextOf(CommandResult given, Option option)
        => given.GetResult(option) is { Tokens: [var first, ..] } ? first.Value : null;
}
