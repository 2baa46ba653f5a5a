using System.Text;
using Gateway.EventsGateway.Sources.Bodies;

namespace Gateway.EventsGateway.Sources.Templates;

/// <summary>
/// In text, a brace before <c>$</c>, <c>^</c> or a letter opens a reference; <c>{{</c> is a brace, and so is any other brace:
/// JSON can stand in an answer as it is.
/// </summary>
internal sealed class TemplateParser(string text, TemplatePlace place)
{
    private readonly List<TemplatePart> _parts = [];
    private readonly StringBuilder _literal = new();
    private int _at;
    private string? _error;

    /// <summary>Null where there is an error.</summary>
    public Template? Parse(out string? error)
    {
        SourcePath? path = null;
        if (SourcePath.Begins(text))
        {
            if (SourcePath.TryParse(text, out path, out _error) && IsAllowed(path))
                _parts.Add(new TemplatePart([], [new Reference(ReferenceKinds.Path, "", path)], IsOptional: false));
        }
        else
        {
            while (_at < text.Length && _error is null) ReadNext();
            EndLiteral();
        }

        if (_error is null && place.IsOneReference && _parts is not [{ Literal.Length: 0 }])
            _error = $"'{text}' must be one reference without text around it: {Reference.Describe(place.Allowed)}";
        error = _error;
        return error is null ? new Template(text, place, _parts, path) : null;
    }

    private void ReadNext()
    {
        var next = _at + 1 < text.Length ? text[_at + 1] : default;
        if (text[_at] == '{' && (next is '$' or '^' || char.IsAsciiLetter(next)))
        {
            EndLiteral();
            ReadReferences();
            return;
        }

        _literal.Append(text[_at]);
        _at += text[_at] == '{' && next == '{' ? 2 : 1;
    }

    private void EndLiteral()
    {
        if (_literal.Length > 0) _parts.Add(new TemplatePart(Encoding.UTF8.GetBytes(_literal.ToString()), [], IsOptional: false));
        _literal.Clear();
    }

    private void ReadReferences()
    {
        var start = _at++;
        var alternatives = new List<Reference>();
        do
        {
            if (ReadReference() is not { } reference) return;
            alternatives.Add(reference);
        }
        while (Skips("??"));

        var isOptional = Skips("?");
        if (!Skips("}")) _error = $"{text[start..]} has no closing brace after {alternatives[^1]}";
        else if (!place.HasFallbacks && (isOptional || alternatives.Count > 1))
            _error = $"{text[start.._at]} cannot have {(isOptional ? "?" : "??")} here: every part is required";
        else _parts.Add(new TemplatePart([], [.. alternatives], isOptional));
    }

    private Reference? ReadReference()
    {
        if (_at < text.Length && text[_at] is '$' or '^')
        {
            return SourcePath.TryRead(text, ref _at, out var path, out _error) && IsAllowed(path)
                ? new Reference(ReferenceKinds.Path, "", path)
                : null;
        }

        var start = _at;
        while (_at < text.Length && text[_at] is not ('}' or '{' or '?' or ' ')) _at++;
        var (written, dot) = (text[start.._at], text.IndexOf('.', start, _at - start));
        var kind = Reference.KindOf(dot < 0 ? written : text[start..dot]);
        var name = dot < 0 ? "" : text[(dot + 1).._at];
        if (kind == ReferenceKinds.None)
        {
            var here = Reference.Describe(place.Allowed);
            return Wrong($"{{{written}}} is no reference (here: {here}); a brace of text is written {{{{");
        }

        if (Reference.Named.HasFlag(kind) != name.Length > 0 || (dot >= 0 && name.Length == 0))
            return Wrong($"{{{written}}} is no reference: it is written {Reference.Describe(kind)}");
        return IsAllowed(kind, written) ? new Reference(kind, name) : null;
    }

    private bool IsAllowed(SourcePath path)
    {
        if (!IsAllowed(ReferenceKinds.Path, path.ToString())) return false;
        if (path.AllSteps > 0) _error = $"{path} names many values: [*] stands in Each only";
        else if (!place.Roots.Contains(path.Root)) _error = $"{path} cannot stand here: here paths begin with $, the body";
        return _error is null;
    }

    private bool IsAllowed(ReferenceKinds kind, string written)
    {
        if (!place.Allowed.HasFlag(kind)) Wrong($"{written} cannot stand here (here: {Reference.Describe(place.Allowed)})");
        return _error is null;
    }

    private Reference? Wrong(string error)
    {
        _error = error;
        return null;
    }

    /// <summary>Skips blanks around the sign too.</summary>
    private bool Skips(string sign)
    {
        var at = _at;
        while (at < text.Length && text[at] == ' ') at++;
        if (string.CompareOrdinal(text, at, sign, 0, sign.Length) != 0) return false;
        for (at += sign.Length; sign == "??" && at < text.Length && text[at] == ' ';) at++;
        _at = at;
        return true;
    }
}
