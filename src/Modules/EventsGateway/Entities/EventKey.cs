using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Entities;

/// <summary>
/// Identifies an event: two companies may use the same event id. Its text is used where the key leaves the process
/// (URL, Idempotency-Key, logs): <c>escape(company).escape(eventId)</c>, where escape keeps
/// <c>[A-Za-z0-9-]</c> and writes every other UTF-8 byte as <c>_hh</c>. Unambiguous, ASCII, URL-safe.
/// </summary>
internal readonly record struct EventKey(string ShippingCompanyId, string EventId)
{
    private static readonly SearchValues<char> Kept =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Up to 3 KiB where ids are hostile.</summary>
    public static implicit operator OutsideText(EventKey key) => new(key.ToString());

    public override string ToString()
    {
        // Nearly all keys need no escape; this path takes a tenth of the time.
        if (!ShippingCompanyId.AsSpan().ContainsAnyExcept(Kept) && !EventId.AsSpan().ContainsAnyExcept(Kept))
            return $"{ShippingCompanyId}.{EventId}";
        var text = new StringBuilder(ShippingCompanyId.Length + EventId.Length + 16);
        Escape(ShippingCompanyId, text);
        text.Append('.');
        Escape(EventId, text);
        return text.ToString();
    }

    /// <summary>
    /// Parses only the text that <see cref="ToString"/> returns: one event has one address. A row of the NestJS original has no
    /// company.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out EventKey? key)
    {
        key = null;
        if (text.Split('.') is not [var company, var eventId]) return false;
        var parsed = new EventKey(Unescape(company), Unescape(eventId));
        if (eventId.Length == 0 || parsed.ToString() != text) return false;
        key = parsed;
        return true;
    }

    /// <summary>The beginning of a key: company, dot and the beginning of the event id, which may be empty.</summary>
    public static bool TryParsePrefix(string text, [NotNullWhen(true)] out EventKey? prefix)
    {
        prefix = null;
        if (text.Split('.') is not [{ Length: > 0 } company, var eventId]) return false;
        var parsed = new EventKey(Unescape(company), Unescape(eventId));
        if (parsed.ToString() != text) return false;
        prefix = parsed;
        return true;
    }

    private static void Escape(string id, StringBuilder text)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in id.EnumerateRunes())
        {
            if (rune.IsAscii && Kept.Contains((char)rune.Value))
            {
                text.Append((char)rune.Value);
                continue;
            }

            foreach (var unit in bytes[..rune.EncodeToUtf8(bytes)])
                text.Append('_').Append(unit.ToString("x2", CultureInfo.InvariantCulture));
        }
    }

    // An invalid escape is left or replaced; TryParse then rejects the text, because the key has another one.
    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('_', '%'));
}
