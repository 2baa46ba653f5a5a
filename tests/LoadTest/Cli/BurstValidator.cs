using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Gateway.LoadTest.Cli;

/// <summary>Rejects options that contradict a burst, which sends all requests at once over one connection each.</summary>
internal sealed class BurstValidator(
    Argument<string?> scenario, Option<bool> burst, Option<long?> requests, IReadOnlyList<Option> excluded)
{
    /// <summary>Close to the number of ports of one address.</summary>
    public const int MaxConnections = 60_000;

    public void AddTo(Command command) => command.Validators.Add(Validate);

    private void Validate(CommandResult given)
    {
        if (!IsBurst(given)) return;
        foreach (var option in excluded)
            if (given.GetResult(option) is { Implicit: false }) given.AddError($"{option.Name} cannot be combined with a burst.");
        if (TextOf(given, requests) is { } text && long.TryParse(text, CultureInfo.InvariantCulture, out var count)
            && count > MaxConnections)
        {
            given.AddError($"A burst has at most {MaxConnections} requests (--requests), not {text}.");
        }
    }

    private bool IsBurst(CommandResult given)
        => given.GetValue(burst)
           || given.GetResult(scenario) is { Tokens: [var name, ..] }
           && Scenario.All.Any(one => one.Burst && one.Name == name.Value);

    // GetValue throws for a value that the option itself rejects.
    private static string? TextOf(CommandResult given, Option option)
        => given.GetResult(option) is { Tokens: [var first, ..] } ? first.Value : null;
}
