using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Gateway.LoadTest.Cli;

/// <summary>Creates options whose values have units.</summary>
internal static class OptionFactory
{
    // A longer run is probably a wrong unit.
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(7);

    public delegate bool Parser<T>(string text, out T value);

    public static Option<TimeSpan?> Time(string name, string description)
        => Parsed<TimeSpan?>(name, description, (string text, out TimeSpan? value) =>
        {
            var parsed = Units.TryDuration(text, out var duration);
            value = duration;
            return parsed;
        }, new($"more than 0 and at most {MaxTime.TotalDays:0} days", time => time > TimeSpan.Zero && time <= MaxTime));

    /// <summary>A whole number, at least 1.</summary>
    public static Option<T?> Count<T>(string name, string description, T max) where T : struct, IBinaryInteger<T>
        => Parsed<T?>(name, description, (string text, out T? value) =>
        {
            var parsed = T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
            value = number;
            return parsed;
        }, new(string.Create(CultureInfo.InvariantCulture, $"from 1 to {max:N0}"), number => number >= T.One && number <= max));

    public static Option<double?> Share(string name, string description)
        => Parsed<double?>(name, description, (string text, out double? value) =>
        {
            var parsed = Units.TryShare(text, out var share);
            value = share;
            return parsed;
        });

    public static Option<long?> Size(string name, string description)
        => Parsed<long?>(name, description, (string text, out long? value) =>
        {
            var parsed = Units.TrySize(text, out var bytes);
            value = bytes;
            return parsed;
        });

    public static bool HttpUri(string text, out Uri? uri)
        => Uri.TryCreate(text, UriKind.Absolute, out uri)
           && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    public static Option<T> Parsed<T>(string name, string description, Parser<T> parse, Bounds<T>? bounds = null) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!parse(text, out var value)) result.AddError($"{name} cannot parse '{text}'.");
            else if (bounds?.Contains(value) == false) result.AddError($"{name} must be {bounds.Text}, not '{text}'.");
            else return value;
            return default;
        },
    };
}

/// <summary>The allowed values, as text for the error and as a predicate.</summary>
internal sealed record Bounds<T>(string Text, Predicate<T> Contains);
