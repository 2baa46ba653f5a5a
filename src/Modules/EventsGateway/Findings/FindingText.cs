using System.Globalization;
using Gateway.EventsGateway.Sources;

namespace Gateway.EventsGateway.Findings;

/// <summary>Numbers as findings and expressions write them, whatever the culture of the machine.</summary>
internal static class FindingText
{
    public static string Percent(double share) => Text($"{100 * share:0.#} %");

    public static string Number(double value) => Text($"{value:0.####}");

    public static string Count(long count, string of) => SourceFindings.Count(count, of);

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static string Sentence(string text)
        => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..] + (text[^1] is '.' or '!' or '?' ? "" : ".");
}
