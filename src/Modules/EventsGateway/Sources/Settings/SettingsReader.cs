namespace Gateway.EventsGateway.Sources.Settings;

/// <summary>
/// Reads one object of the settings and collects one line per error. A key that no read asked for is an error: see
/// <see cref="Close"/>.
/// </summary>
internal sealed partial class SettingsReader(SettingsNode node, string source, string path, List<string> errors)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public SettingsNode Node => node;

    public string Path => path;

    public bool Has(string key) => Find(key) is not null;

    public void Error(string text) => errors.Add($"sources:{source}: {text}");

    /// <summary>An error of a field: <c>sources:dhl: Map.Id …</c>.</summary>
    public void Error(string key, string text) => Error($"{Name(key)} {text}");

    public string Name(string key) => path.Length == 0 ? key : $"{path}.{key}";

    public string? Text(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value.Fields.Count == 0 && !value.IsList) return value.Text;
        Error(key, $"is {(value.IsList ? "a list" : "an object")}; write one text");
        return null;
    }

    public string? Required(string key, string what)
    {
        if (Text(key) is { } text && !string.IsNullOrWhiteSpace(text)) return text;
        // A list or an object has its line already.
        if (Find(key) is not { Fields.Count: > 0 }) Error(key, $"is required: {what}");
        return null;
    }

    /// <summary>An object below this one; an empty one where none is written.</summary>
    public SettingsReader Child(string key)
    {
        var child = Find(key);
        if (child is { IsList: true } or { Fields.Count: 0, Text.Length: > 0 })
        {
            Error(key, "is no object; write { … } with named fields");
            child = null;
        }

        return new SettingsReader(child ?? new SettingsNode(), source, Name(key), errors);
    }

    /// <summary>The objects of a list.</summary>
    public IReadOnlyList<SettingsReader> Children(string key)
        => [.. ItemsOf(key).Select((item, index) => new SettingsReader(item, source, $"{Name(key)}[{index}]", errors))];

    public IReadOnlyList<string> Texts(string key)
    {
        var items = ItemsOf(key).ToList();
        if (items.Exists(item => item.Text is null)) Error(key, "must be a list of texts");
        return [.. items.Select(item => item.Text).OfType<string>()];
    }

    /// <summary>Reports the keys that this object has and no read asked for.</summary>
    public void Close()
    {
        foreach (var key in node.Fields.Keys.Where(key => !_known.Contains(key)))
            Error(key, $"is not a known key; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
    }

    private SettingsNode? Find(string key)
    {
        _known.Add(key);
        return node.Fields.TryGetValue(key, out var found) && found.IsWritten ? found : null;
    }

    private IEnumerable<SettingsNode> ItemsOf(string key)
    {
        if (Find(key) is not { } list) return [];
        if (list.IsList) return list.Items;
        if (list.Text != "") Error(key, "must be a list: [ … ]");
        return [];
    }
}
