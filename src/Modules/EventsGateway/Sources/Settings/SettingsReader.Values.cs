using System.Globalization;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Sources.Settings;

/// <summary>Texts that stand for other values.</summary>
internal sealed partial class SettingsReader
{
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
}
