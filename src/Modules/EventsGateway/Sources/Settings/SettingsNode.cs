using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Gateway.EventsGateway.Sources.Settings;

/// <summary>
/// Settings as a tree: a text, or fields in the order of the file. Keys match in any case. A list has its indexes as keys, as in
/// <see cref="IConfiguration"/>.
/// </summary>
internal sealed class SettingsNode
{
    /// <summary>Switches a field of a preset off.</summary>
    public const string Off = "none";

    private static readonly JsonDocumentOptions JsonOptions = new()
    {
        CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    };

    /// <summary>Fields whose value may be the word none: the scheme and the preset of that name.</summary>
    private static readonly string[] NeverOff = ["Scheme", "Preset", "Value", "Id"];

    public string? Text { get; private init; }

    /// <summary>As written, where it was JSON: the body of a sample keeps its bytes.</summary>
    public string? Json { get; private init; }

    public Dictionary<string, SettingsNode> Fields { get; } = new(StringComparer.OrdinalIgnoreCase);

    public bool IsList { get; private init; }

    /// <summary>False for JSON null.</summary>
    public bool IsWritten => Text is not null || Fields.Count > 0 || Json is not (null or "null");

    /// <summary>The values of a list in the order of their indexes.</summary>
    public IEnumerable<SettingsNode> Items
        => Fields.OrderBy(item => int.Parse(item.Key, CultureInfo.InvariantCulture)).Select(item => item.Value);

    public static SettingsNode Of(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        var node = new SettingsNode
        {
            // An empty list of a settings file arrives as an empty text.
            Text = children.Count == 0 ? section.Value : null,
            IsList = children.Count > 0 && children.All(child => int.TryParse(child.Key, CultureInfo.InvariantCulture, out _)),
        };
        foreach (var child in children) node.Fields[child.Key] = Of(child);
        return node;
    }

    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static SettingsNode OfJson(ReadOnlyMemory<byte> json, Action<string> onDuplicate)
    {
        using var document = JsonDocument.Parse(json, JsonOptions);
        return Of(document.RootElement, path: "", onDuplicate);
    }

    /// <summary>
    /// What is written wins over the preset: a text and a list as a whole, an object field by field. Not as a layer of the
    /// configuration, which merges lists by their indexes: a secret that was removed would live on.
    /// </summary>
    public static SettingsNode Merge(SettingsNode? preset, SettingsNode written)
    {
        if (!written.IsWritten && preset is not null) return preset;
        if (written.Text is not null || written.IsList) return written;
        var merged = new SettingsNode { Json = written.Json };
        Dictionary<string, SettingsNode> below = preset is null or { IsList: true } ? new() : preset.Fields;
        foreach (var (key, value) in below)
            if (!written.Fields.ContainsKey(key)) merged.Fields[key] = value;
        foreach (var (key, value) in written.Fields)
        {
            if (value.Text == Off && !NeverOff.Contains(key, StringComparer.OrdinalIgnoreCase)) continue;
            merged.Fields[key] = Merge(below.GetValueOrDefault(key), value);
        }

        return merged;
    }

    private static SettingsNode Of(JsonElement json, string path, Action<string> onDuplicate)
    {
        var node = new SettingsNode
        {
            Text = json.ValueKind switch
            {
                JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null => null,
                JsonValueKind.String => json.GetString(),
                _ => json.GetRawText(),
            },
            IsList = json.ValueKind == JsonValueKind.Array,
            Json = json.GetRawText(),
        };
        if (node.IsList)
        {
            foreach (var (index, item) in json.EnumerateArray().Index())
                node.Fields[index.ToString(CultureInfo.InvariantCulture)] = Of(item, $"{path}[{index}]", onDuplicate);
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
            {
                var below = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
                if (!node.Fields.TryAdd(member.Name, Of(member.Value, below, onDuplicate))) onDuplicate(below);
            }
        }

        return node;
    }
}
