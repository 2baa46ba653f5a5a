using System.CommandLine;

namespace Gateway.LoadTest.Cli;

/// <summary>Options that load configured sources instead of the built-in one.</summary>
internal sealed class SourceArguments
{
    private readonly Option<SourceShare[]> _sources = Shares(
        "--source", "A source to load, NAME[:EVENTS][=WEIGHT]; repeat it for a mix: --source gateway=3 --source dhl-push:100. "
        + "Default: gateway, the built-in one.");
    private readonly Option<SourceShare[]> _against = Shares(
        "--against-source", "Sources of the same gateway (or of --against) that are loaded in turn with those of --source; "
        + "the report shows the ratio.");
    private readonly Option<string?> _file = new("--sources-file")
    {
        Description = "The gateway's file of sources. Default: Gateway__SourcesFile; Gateway__Sources__… is read as well.",
    };

    public void AddTo(Command command, Option<bool> compare)
    {
        command.Options.Add(_sources);
        command.Options.Add(_against);
        command.Options.Add(_file);
        command.Validators.Add(given =>
        {
            if (given.GetValue(compare) && given.GetResult(_sources) is { Implicit: false })
                given.AddError($"{compare.Name} cannot be combined with {_sources.Name}.");
        });
    }

    public SourceOptions OptionsOf(ParseResult parsed) => new()
    {
        Shares = parsed.GetValue(_sources) is { Length: > 0 } shares ? shares : [SourceShare.Default],
        Against = parsed.GetValue(_against) ?? [],
        File = parsed.GetValue(_file),
    };

    private static Option<SourceShare[]> Shares(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var shares = new List<SourceShare>();
            foreach (var token in result.Tokens)
            {
                if (SourceShare.TryParse(token.Value, out var share)) shares.Add(share);
                else result.AddError($"{name} must be {SourceShare.Form}, not '{token.Value}'.");
            }

            return [.. shares];
        },
    };
}

/// <summary>The sources of a load.</summary>
internal sealed record SourceOptions
{
    public IReadOnlyList<SourceShare> Shares { get; init; } = [SourceShare.Default];

    /// <summary>The sources that are loaded in turn with <see cref="Shares"/>.</summary>
    public IReadOnlyList<SourceShare> Against { get; init; } = [];

    public string? File { get; init; }

    public static string Text(IEnumerable<SourceShare> shares) => string.Join(" + ", shares);
}
