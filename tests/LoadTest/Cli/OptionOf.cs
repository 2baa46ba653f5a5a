using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Gateway.LoadTest.Cli;

/// <summary>Options whose values have units.</summary>
internal static class OptionOf
{
    // A run of a week is a mistake in the unit.
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(7);

    public delegate bool Parser<T>(string text, out T value);

    public static Option<TimeSpan?> Time(string name, string description) => Parsed<TimeSpan?>(name, description, (string text, out TimeSpan? value) =>
    {
        var read = Units.TryDuration(text, out var duration);
        value = duration;
        return read;
    }, new($"more than 0 and at most {LongestTime.TotalDays:0} days", time => time > TimeSpan.Zero && time <= LongestTime));

    /// <summary>A number of things, at least one.</summary>
    public static Option<T?> Count<T>(string name, string description, T most) where T : struct, IBinaryInteger<T>
        => Parsed<T?>(name, description, (string text, out T? value) =>
        {
            var read = T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
            value = number;
            return read;
        }, new(string.Create(CultureInfo.InvariantCulture, $"from 1 to {most:N0}"), number => number >= T.One && number <= most));

    public static Option<double?> Share(string name, string description) => Parsed<double?>(name, description, (string text, out double? value) =>
    {
        var read = Units.TryShare(text, out var share);
        value = share;
        return read;
    });

    public static Option<long?> Size(string name, string description) => Parsed<long?>(name, description, (string text, out long? value) =>
    {
        var read = Units.TrySize(text, out var bytes);
        value = bytes;
        return read;
    });

    public static bool HttpUri(string text, out Uri? uri)
        => Uri.TryCreate(text, UriKind.Absolute, out uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    public static Option<T> Parsed<T>(string name, string description, Parser<T> parse, Bounds<T>? bounds = null) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!parse(text, out var value)) result.AddError($"{name} does not understand '{text}'.");
            else if (bounds?.Hold(value) == false) result.AddError($"{name} is {bounds.Text}, not '{text}'.");
            else return value;
            return default;
        },
    };
}

/// <summary>What a value must be, in words and as a question.</summary>
internal sealed record Bounds<T>(string Text, Predicate<T> Hold);
