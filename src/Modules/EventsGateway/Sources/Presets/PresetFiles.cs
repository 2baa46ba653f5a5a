using System.Reflection;
using Gateway.EventsGateway.Sources.Settings;

namespace Gateway.EventsGateway.Sources.Presets;

/// <summary>The presets that ship: settings of sources as embedded JSON files.</summary>
internal static class PresetFiles
{
    /// <summary>The preset without a file: everything is written in the source.</summary>
    public const string Custom = "custom";

    private const string Prefix = "presets/";
    private const string Suffix = ".json";

    private static readonly Assembly Assembly = typeof(PresetFiles).Assembly;

    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The name in any case; null where there is no such preset.</summary>
    public static SettingsNode? Find(string name)
    {
        using var stream = Assembly.GetManifestResourceStream($"{Prefix}{name.ToLowerInvariant()}{Suffix}");
        if (stream is null) return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return SettingsNode.OfJson(bytes, path => throw new InvalidDataException($"The preset {name} has {path} twice"));
    }
}
