using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Shared.Json;

namespace Gateway.EventsGateway.Sources.Bodies;

/// <summary>Reads a path out of a text, up to the first character that is no part of it.</summary>
internal sealed class PathParser(string text, int at)
{
    private readonly int _start = at;

    public int At { get; private set; } = at;

    public string? Error { get; private set; }

    public SourcePath? Read()
    {
        var steps = new List<PathStep>();
        if (ReadRoot() is not { } root)
        {
            Error = $"{text[_start..]} is no path: it begins with none of $, $$, ^, ^^";
            return null;
        }

        while (Error is null && Peek() is '.' or '[') steps.Add(text[At++] == '.' ? ReadMember() : ReadBracket());
        var written = text[_start..Math.Min(At, text.Length)];
        if (Error is null) return new SourcePath(root, steps, written);
        Error = $"{written} is no path: {Error}";
        return null;
    }

    public PathRoot? ReadRoot()
    {
        var sign = Peek();
        if (sign is not ('$' or '^')) return null;
        At++;
        var isTwice = Peek() == sign;
        if (isTwice) At++;
        return (sign, isTwice) switch
        {
            ('$', false) => PathRoot.Item,
            ('$', true) => PathRoot.Inner,
            (_, false) => PathRoot.Enclosing,
            _ => PathRoot.Body,
        };
    }

    private char Peek() => At < text.Length ? text[At] : default;

    private PathStep ReadMember()
    {
        var start = At;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '_' or >= '\x80') At++;
        var name = text[start..At];
        if (name.Length > 0 && !char.IsAsciiDigit(name[0]) && Peek() != '-') return new PathStep(name, 0);
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '_' or '-' or '*' or >= '\x80') At++;
        Error = text[start..At] switch
        {
            "" => "a name is missing after the dot",
            "*" => "all elements are written [*], and in Each only",
            var other => $"this name is written ['{other}']",
        };
        return default;
    }

    private PathStep ReadBracket()
    {
        var start = At;
        var quote = Peek() is '\'' or '"' ? Peek() : default;
        if (quote != default)
        {
            At++;
            while (At < text.Length && text[At] != quote) At += text[At] == '\\' ? 2 : 1;
            At++;
        }

        while (At < text.Length && text[At] != ']') At++;
        if (At >= text.Length)
        {
            Error = "the bracket is never closed";
            return default;
        }

        var inside = text[start..At++];
        if (inside == "*") return PathStep.All;
        if (quote != default && NameOf(inside, quote) is { } name) return new PathStep(name, 0);
        var isNumber = int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index);
        if (isNumber && index >= PathStep.Last && inside == $"{index}") return new PathStep(null, index);
        Error = $"[{inside}] is neither an index, nor [-1] for the last element, nor a name in quotes";
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
