using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Gateway.Shared.Errors;

/// <summary>
/// A text that came from outside (of a request, an answer, a backend), as log lines and stored reasons have it: one line of at
/// most 256 characters. Characters that forge a line, change the order of a text or hide in it are written as escapes.
/// </summary>
public readonly record struct OutsideText(string? Text)
{
    public const int MaxLength = 256;

    private const char Cut = '…';

    public static implicit operator OutsideText(string? text) => new(text);

    /// <summary>Is made where a line is written, not where its level is off.</summary>
    public override string ToString() => Clean(Text) ?? "(null)";

    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text, int max = MaxLength)
    {
        if (text is null) return null;
        if (text.Length <= max && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var clean = new StringBuilder(Math.Min(text.Length, max));
        foreach (var rune in text.EnumerateRunes())
        {
            var kept = IsUnsafe(rune) ? Escape(rune) : rune.ToString();
            if (clean.Length + kept.Length > max)
            {
                while (clean.Length > max - 1) clean.Length -= LastLength(clean);
                return clean.Append(Cut).ToString();
            }

            clean.Append(kept);
        }

        return clean.ToString();
    }

    private static int LastLength(StringBuilder text) => char.IsLowSurrogate(text[^1]) ? 2 : 1;

    private static bool IsUnsafe(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Escape(Rune rune) => rune.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => rune.IsBmp ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}",
    };
}
