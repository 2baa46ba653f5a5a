using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Shared.Json;

namespace Gateway.EventsGateway.Sources.Bodies;

internal enum PathRoot
{
    /// <summary><c>$</c>: the item under <c>Each</c>, else the body.</summary>
    Item,

    /// <summary><c>^</c>: what encloses the item, another item or the body.</summary>
    Enclosing,

    /// <summary><c>^^</c></summary>
    Body,

    /// <summary><c>$$</c>: the JSON in the text field that <c>Inner</c> names.</summary>
    Inner,
}

/// <summary>A member (<paramref name="Name"/>), an element, the last one (-1), or all (<see cref="All"/>).</summary>
internal readonly record struct PathStep(string? Name, int Index)
{
    public const int Last = -1;

    public static readonly PathStep All = new(null, int.MinValue);
}

/// <summary>A singular query of RFC 9535 with four roots; <c>[*]</c> stands in <c>Each</c> alone.</summary>
internal sealed class SourcePath
{
    private readonly string _text;

    private SourcePath(PathRoot root, IReadOnlyList<PathStep> steps, string text) => (Root, Steps, _text) = (root, steps, text);

    public PathRoot Root { get; }

    public IReadOnlyList<PathStep> Steps { get; }

    public int AllSteps => Steps.Count(step => step == PathStep.All);

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;

    /// <summary>Whether a value is one path; another value is text.</summary>
    public static bool Begins(string text)
    {
        var at = 0;
        return RootAt(text, ref at) is not null && at < text.Length && text[at] is '.' or '[';
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out SourcePath? path, [NotNullWhen(false)] out string? mistake)
    {
        var at = 0;
        if (TryRead(text, ref at, out path, out mistake) && at < text.Length)
            (path, mistake) = (null, $"{text} is no path: '{text[at..]}' cannot follow {text[..at]}");
        return path is not null;
    }

    /// <summary>Reads the path that begins at <paramref name="at"/>, to its end.</summary>
    public static bool TryRead(
        string text, ref int at, [NotNullWhen(true)] out SourcePath? path, [NotNullWhen(false)] out string? mistake)
    {
        (path, mistake) = (null, null);
        var start = at;
        var steps = new List<PathStep>();
        if (RootAt(text, ref at) is not { } root)
        {
            mistake = $"{text[start..]} is no path: it begins with none of $, $$, ^, ^^";
            return false;
        }

        while (mistake is null && at < text.Length && text[at] is '.' or '[')
        {
            if (text[at] == '.') steps.Add(MemberAt(text, ref at, out mistake));
            else steps.Add(BracketAt(text, ref at, out mistake));
        }

        if (mistake is null) path = new SourcePath(root, steps, text[start..at]);
        else mistake = $"{text[start..Math.Min(at, text.Length)]} is no path: {mistake}";
        return path is not null;
    }

    private static PathRoot? RootAt(string text, ref int at)
    {
        var isTwice = at + 1 < text.Length && text[at + 1] == text[at];
        PathRoot? root = at == text.Length ? null : (text[at], isTwice) switch
        {
            ('$', false) => PathRoot.Item,
            ('$', true) => PathRoot.Inner,
            ('^', false) => PathRoot.Enclosing,
            ('^', true) => PathRoot.Body,
            _ => null,
        };
        if (root is not null) at += isTwice ? 2 : 1;
        return root;
    }

    private static PathStep MemberAt(string text, ref int at, out string? mistake)
    {
        var start = ++at;
        while (at < text.Length && IsOfName(text[at])) at++;
        var name = text[start..at];
        mistake = null;
        var isName = name.Length > 0 && !char.IsAsciiDigit(name[0]);
        if (isName && (at == text.Length || text[at] != '-')) return new PathStep(name, 0);
        while (at < text.Length && (IsOfName(text[at]) || text[at] is '-' or '*')) at++;
        mistake = text[start..at] switch
        {
            "" => "a name is missing after the dot",
            "*" => "all elements are written [*], and in Each alone",
            var other => $"this name is written ['{other}']",
        };
        return default;
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or >= '\x80';

    private static PathStep BracketAt(string text, ref int at, out string? mistake)
    {
        mistake = null;
        var start = ++at;
        var quote = start < text.Length && text[start] is '\'' or '"' ? text[start] : default;
        if (quote != default)
        {
            at++;
            while (at < text.Length && text[at] != quote) at += text[at] == '\\' ? 2 : 1;
            at++;
        }

        while (at < text.Length && text[at] != ']') at++;
        if (at >= text.Length)
        {
            mistake = "the bracket is never closed";
            return default;
        }

        var inside = text[start..at++];
        if (inside == "*") return PathStep.All;
        if (quote != default && NameOf(inside, quote) is { } name) return new PathStep(name, 0);
        var isNumber = int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index);
        if (isNumber && index >= PathStep.Last && inside == $"{index}") return new PathStep(null, index);
        mistake = $"[{inside}] is neither an index, nor [-1] for the last element, nor a name in quotes";
        return default;
    }

    /// <summary>Null where the text between the quotes is no JSON string, but for the quotes.</summary>
    private static string? NameOf(string quoted, char quote)
    {
        if (quoted.Length < 2 || quoted[^1] != quote) return null;
        var json = quote == '"' ? quoted : $"\"{quoted[1..^1].Replace("\\'", "'").Replace("\"", "\\\"")}\"";
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            return reader.Read() ? JsonText.Read(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
