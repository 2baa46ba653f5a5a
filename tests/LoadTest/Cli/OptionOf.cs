using System.CommandLine;

namespace Gateway.LoadTest.Cli;

/// <summary>Options whose values have units.</summary>
internal static class OptionOf
{
    public delegate bool Parser<T>(string text, out T value);

    public static Option<TimeSpan?> Time(string name, string description) => Parsed<TimeSpan?>(name, description, (string text, out TimeSpan? value) =>
    {
        var read = Units.TryDuration(text, out var duration);
        value = duration;
        return read;
    });

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

    public static Option<T> Parsed<T>(string name, string description, Parser<T> parse) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (parse(text, out var value)) return value;
            result.AddError($"{name} does not understand '{text}'.");
            return default;
        },
    };
}
