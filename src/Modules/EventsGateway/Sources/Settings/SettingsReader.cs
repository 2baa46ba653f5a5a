using System.Globalization;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Sources.Settings;

/// <summary>
/// Reads one object of the settings and collects one line per error. A key that no read asked for is an error: see
/// <see cref="Close"/>.
/// </summary>
internal sealed class SettingsReader(SettingsNode node, string source, string path, List<string> errors)
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

    /// <summary>One of the texts, in any case; the first one where none is written or the written one is none of them.</summary>
    public T Choice<T>(string key, T otherwise, params (string Text, T Value)[] choices)
    {
        if (Text(key) is not { } text) return otherwise;
        var found = Array.FindIndex(choices, choice => choice.Text.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (found >= 0) return choices[found].Value;
        Error(key, $"is '{text}'; write one of {string.Join(", ", choices.Select(choice => choice.Text))}");
        return otherwise;
    }

    public int? Number(string key, int least, int most)
    {
        if (Text(key) is not { } text) return null;
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (isNumber && number >= least && number <= most) return number;
        Error(key, $"is '{text}'; write a whole number from {least} to {most}");
        return null;
    }

    public TimeSpan? Span(string key)
    {
        if (Text(key) is not { } text) return null;
        // Without a colon a number would be days.
        var isSpan = TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) && text.Contains(':');
        if (isSpan && span > TimeSpan.Zero) return span;
        Error(key, $"is '{text}'; write a time span such as 00:05:00");
        return null;
    }

    public bool Flag(string key) => Choice(key, false, ("true", true), ("false", false));

    public DateTimeOffset? Time(string key)
    {
        if (Text(key) is not { } text) return null;
        if (IsoTime.Parse(text) is { } time) return time;
        Error(key, $"is '{text}'; write a time such as 2026-12-31T23:59:59Z");
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
