using System.Diagnostics.CodeAnalysis;

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

/// <summary>A singular query of RFC 9535 with four roots; <c>[*]</c> stands in <c>Each</c> only.</summary>
internal sealed class SourcePath
{
    private readonly string _text;

    internal SourcePath(PathRoot root, IReadOnlyList<PathStep> steps, string text) => (Root, Steps, _text) = (root, steps, text);

    public PathRoot Root { get; }

    public IReadOnlyList<PathStep> Steps { get; }

    public int AllSteps => Steps.Count(step => step == PathStep.All);

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;

    /// <summary>Whether a value is one path; another value is text.</summary>
    public static bool Begins(string text)
    {
        var parser = new PathParser(text, 0);
        return parser.ReadRoot() is not null && parser.At < text.Length && text[parser.At] is '.' or '[';
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out SourcePath? path, [NotNullWhen(false)] out string? error)
    {
        var at = 0;
        if (TryRead(text, ref at, out path, out error) && at < text.Length)
            (path, error) = (null, $"{text} is no path: '{text[at..]}' cannot follow {text[..at]}");
        return path is not null;
    }

    /// <summary>Reads the path that begins at <paramref name="at"/>, to its end.</summary>
    public static bool TryRead(
        string text, ref int at, [NotNullWhen(true)] out SourcePath? path, [NotNullWhen(false)] out string? error)
    {
        var parser = new PathParser(text, at);
        path = parser.Read();
        at = parser.At;
        error = path is null ? parser.Error! : null;
        return path is not null;
    }
}
