using System.Text.Json.Nodes;
using Gateway.EventsGateway.Sources.Presets;
using Gateway.TestSupport;

namespace Gateway.LoadTest.Tests.EndToEnd;

/// <summary>A file with a source for each preset, for the gateway and for the load tool.</summary>
internal static class SourceFile
{
    /// <summary>All but the one whose requests only its sender can sign.</summary>
    public static IReadOnlyList<string> Loadable => [.. PresetFiles.Names.Where(name => name != "shipengine")];

    /// <returns>The path of the file.</returns>
    public static string Write(TempFolder folder, params IEnumerable<string> presets)
    {
        var path = Path.Combine(folder.Path, "sources.json");
        var sources = presets.Select(name => KeyValuePair.Create(name, SettingsOf(name)));
        File.WriteAllText(path, new JsonObject(sources).ToJsonString());
        return path;
    }

    /// <summary>What the preset leaves open is as its first sample needs it.</summary>
    private static JsonNode? SettingsOf(string preset)
    {
        var sample = PresetFiles.Find(preset)!.Fields["Samples"].Fields["0"].Fields;
        var settings = JsonNode.Parse(sample.GetValueOrDefault("Settings")?.Json ?? "{}")!;
        settings["Preset"] = preset;
        settings["Merchant"] = "m-1";
        settings["Secrets"] = new JsonArray(new JsonObject { ["Id"] = "a", ["Value"] = SecretOf(preset) });
        return settings;
    }

    /// <summary>Two sources must not have the same.</summary>
    private static string SecretOf(string preset)
    {
        var own = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes($"secret of {preset}"));
        return preset switch
        {
            "basic" => $"user:{own}",
            "standard-webhooks" or "svix" or "shipbob" => $"whsec_{Convert.ToBase64String(Convert.FromHexString(own))}",
            _ => own,
        };
    }
}
