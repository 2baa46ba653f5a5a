using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gateway.EventsGateway.Sources.Bodies;

namespace Gateway.EventsGateway.Sources.Templates;

/// <summary>Text with references, compiled once. Without references it is a literal.</summary>
internal sealed class Template
{
    private readonly TemplatePart[] _parts;
    private readonly ReferenceKinds _kinds;
    private readonly TemplatePlace _place;
    private readonly string _text;
    private readonly string? _literal;

    internal Template(string text, TemplatePlace place, IReadOnlyList<TemplatePart> parts, SourcePath? path = null)
    {
        (_text, _place, _parts, Path) = (text, place, [.. parts], path);
        References = [.. parts.SelectMany(part => part.Alternatives)];
        _kinds = References.Aggregate(ReferenceKinds.None, (kinds, reference) => kinds | reference.Kind);
        if (References.Count == 0) _literal = Encoding.UTF8.GetString([.. parts.SelectMany(part => part.Literal)]);
    }

    public IReadOnlyList<Reference> References { get; }

    public IEnumerable<SourcePath> Paths => References.Select(reference => reference.Path).OfType<SourcePath>();

    /// <summary>Set where the whole value is one path without braces.</summary>
    public SourcePath? Path { get; }

    /// <summary>One of these kinds at least.</summary>
    public bool Reads(ReferenceKinds kinds) => (_kinds & kinds) != 0;

    public static bool TryParse(
        string text, TemplatePlace place, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out string? error)
    {
        template = new TemplateParser(text, place).Parse(out error);
        return template is not null;
    }

    /// <summary>Null where a part is missing.</summary>
    public string? Render(in TemplateValues values) => Render(values, out _);

    /// <summary>Null where a part is missing: the one that is told as it is written.</summary>
    public string? Render(in TemplateValues values, out string? missing)
    {
        missing = null;
        if (_literal is not null) return _literal;
        using var text = new TextBuffer();
        missing = MissingOf(values, text);
        return missing is null ? text.ToString() : null;
    }

    /// <summary>False where a part is missing: what was written until then is not the content.</summary>
    public bool Append(in TemplateValues values, IContentSink sink) => MissingOf(values, sink) is null;

    private string? MissingOf(in TemplateValues values, IContentSink sink)
    {
        foreach (var part in _parts)
        {
            if (part.Literal.Length > 0) sink.Append(part.Literal);
            else if (!part.Append(values, sink, _place.IsEcho) && !part.IsOptional && !_place.IsOptional) return part.ToString();
        }

        return null;
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;
}

/// <summary>A literal, or references of which the first counts that is not missing.</summary>
internal sealed record TemplatePart(byte[] Literal, Reference[] Alternatives, bool IsOptional)
{
    private const int MaxEcho = 256;

    public bool Append(in TemplateValues values, IContentSink sink, bool isEcho)
    {
        foreach (var reference in Alternatives)
        {
            if (isEcho ? AppendEcho(values, reference, sink) : values.Append(reference, sink)) return true;
        }

        return false;
    }

    private static bool AppendEcho(in TemplateValues values, Reference reference, IContentSink sink)
    {
        using var text = new TextBuffer();
        if (!values.Append(reference, text) || text.Written.Length > MaxEcho) return false;
        foreach (var c in text.Written) if (!char.IsAsciiLetterOrDigit((char)c) && !"._~+/=:-"u8.Contains(c)) return false;
        sink.Append(text.Written);
        return true;
    }

    public override string ToString() => string.Join(" ?? ", (object[])Alternatives);
}
