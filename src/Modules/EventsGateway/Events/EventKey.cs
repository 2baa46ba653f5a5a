using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gateway.EventsGateway.Events;

/// <summary>
/// What makes an event the same event: two couriers may use the same id. Its text goes wherever the key leaves the
/// process (URL, Idempotency-Key, logs): <c>escape(company).escape(eventId)</c>, where escape keeps
/// <c>[A-Za-z0-9-]</c> and writes every other UTF-8 byte as <c>_hh</c>. Unambiguous, ASCII, URL-safe.
/// </summary>
internal readonly record struct EventKey(string ShippingCompanyId, string EventId) : IComparable<EventKey>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override string ToString()
    {
        var text = new StringBuilder(ShippingCompanyId.Length + EventId.Length + 16);
        Escape(ShippingCompanyId, text);
        text.Append('.');
        Escape(EventId, text);
        return text.ToString();
    }

    /// <summary>Only the text that <see cref="ToString"/> makes is a key: one event has one address.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out EventKey? key)
    {
        key = null;
        if (text.Split('.') is not [var company, var eventId]) return false;
        if (Unescape(company) is not { Length: > 0 } companyId || Unescape(eventId) is not { Length: > 0 } id) return false;
        var parsed = new EventKey(companyId, id);
        if (parsed.ToString() != text) return false;
        key = parsed;
        return true;
    }

    public int CompareTo(EventKey other)
        => string.CompareOrdinal(ShippingCompanyId, other.ShippingCompanyId) is var byCompany && byCompany != 0
            ? byCompany
            : string.CompareOrdinal(EventId, other.EventId);

    private static void Escape(string id, StringBuilder text)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in id.EnumerateRunes())
        {
            if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value == '-'))
            {
                text.Append((char)rune.Value);
                continue;
            }

            foreach (var unit in bytes[..rune.EncodeToUtf8(bytes)])
                text.Append('_').Append(Hex(unit >> 4)).Append(Hex(unit & 0xF));
        }
    }

    private static char Hex(int nibble) => (char)(nibble < 10 ? '0' + nibble : 'a' + nibble - 10);

    private static string? Unescape(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '_')
            {
                if (!char.IsAscii(text[i])) return null;
                bytes.Add((byte)text[i]);
            }
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes.Add(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
