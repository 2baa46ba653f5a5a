using System.Text.RegularExpressions;

namespace Gateway.EventsGateway.Sources;

/// <summary>
/// The path of a source: literal segments, then at most two of the form <c>{x}</c>. Segments match in any case and are decoded
/// once; one trailing slash is allowed.
/// </summary>
internal sealed partial class RequestPattern
{
    public const int MaxValues = 2;

    /// <summary>The first segments of the gateway's own paths.</summary>
    private static readonly string[] Reserved = ["v1", "console", "health", "metrics", "docs", "api-docs", "api-docs-json"];

    private readonly string[] _literals;
    private readonly string[] _names;

    private RequestPattern(string text, string[] literals, string[] names)
        => (Text, _literals, _names) = (text, literals, names);

    /// <summary>As written, without a trailing slash: logs and traces hold it, never the values.</summary>
    public string Text { get; }

    public IReadOnlyList<string> Names => _names;

    public static RequestPattern? Parse(string text, out string? error)
    {
        var trimmed = text.EndsWith('/') ? text[..^1] : text;
        var segments = trimmed.Split('/');
        var literals = segments.Skip(1).TakeWhile(segment => !segment.StartsWith('{')).ToArray();
        var names = segments.Skip(1 + literals.Length).ToArray();
        error = ErrorOf(trimmed, literals, names);
        return error is null
            ? new RequestPattern(trimmed, literals, [.. names.Select(name => name[1..^1])])
            : null;
    }

    /// <summary>Whether one request could match both.</summary>
    public bool Overlaps(RequestPattern other)
    {
        if (_literals.Length + _names.Length != other._literals.Length + other._names.Length) return false;
        return _literals.Zip(other._literals).All(pair => Same(pair.First, pair.Second));
    }

    /// <param name="segments">The decoded segments of a request's path.</param>
    /// <returns>The values of the segments <c>{x}</c>; null where the path is another one.</returns>
    public IReadOnlyDictionary<string, string>? Match(string[] segments)
    {
        if (segments.Length != _literals.Length + _names.Length) return null;
        for (var at = 0; at < _literals.Length; at++)
            if (!Same(_literals[at], segments[at])) return null;
        return _names.Select((name, index) => (name, segments[_literals.Length + index]))
            .ToDictionary(value => value.name, value => value.Item2, StringComparer.Ordinal);
    }

    /// <summary>
    /// The segments of a request target, decoded once. Null for a path that no source has: with an empty or a dot segment, with
    /// an encoded slash, or in another form than <c>/a/b?query</c>.
    /// </summary>
    public static string[]? SegmentsOf(string target)
    {
        var end = target.IndexOfAny(['?', '#']);
        var path = end < 0 ? target : target[..end];
        if (!path.StartsWith('/') || path.Contains("%2f", StringComparison.OrdinalIgnoreCase)) return null;
        var segments = (path.EndsWith('/') ? path[1..^1] : path[1..]).Split('/');
        for (var at = 0; at < segments.Length; at++)
        {
            segments[at] = Uri.UnescapeDataString(segments[at]);
            if (segments[at] is "" or "." or "..") return null;
        }

        return segments;
    }

    private static string? ErrorOf(string text, string[] literals, string[] names)
    {
        if (!text.StartsWith('/')) return "must begin with /";
        if (literals.Length == 0 || !literals.All(segment => Literal().IsMatch(segment)))
            return "must begin with literal segments of letters, digits and . _ ~ -";
        if (!names.All(name => Value().IsMatch(name)))
            return "may have only segments of the form {x} behind the first of them";
        if (names.Length > MaxValues) return $"has {names.Length} segments of the form {{x}}; at most {MaxValues} are allowed";
        if (names.Distinct().Count() != names.Length) return "names one segment twice";
        var isSources = literals is [_, var second, _, ..] && Same(literals[0], "v1") && Same(second, "sources")
            || (literals is ["v1", "sources"] && names.Length > 0);
        return Reserved.Contains(literals[0], StringComparer.OrdinalIgnoreCase) && !isSources
            ? $"begins with /{literals[0]}, which the gateway uses itself; begin with /v1/sources/ or with another word"
            : null;
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^(?!\.\.?$)[A-Za-z0-9._~-]+\z")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^\{[A-Za-z][A-Za-z0-9_-]*\}\z")]
    private static partial Regex Value();
}
