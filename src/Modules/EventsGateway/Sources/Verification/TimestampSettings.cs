using System.Globalization;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Sources.Verification;

/// <param name="From">The reference to the timestamp.</param>
/// <param name="Format">unix, unix-ms, iso or rfc1123.</param>
/// <param name="Times">Reads it.</param>
/// <param name="Tolerance">Longest distance from the time of receipt, both ways.</param>
/// <param name="IsRejected">Whether a stale request is rejected; else it is counted.</param>
internal sealed record TimestampSettings(Template From, string Format, TimeReader Times, TimeSpan Tolerance, bool IsRejected)
{
    public string Text(DateTimeOffset at) => Format switch
    {
        "unix" => $"{at.ToUnixTimeSeconds()}",
        "unix-ms" => $"{at.ToUnixTimeMilliseconds()}",
        "iso" => IsoTime.Text(at),
        _ => at.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>What is no time is stale.</summary>
    public bool IsStale(string? text, DateTimeOffset now)
        => text is null || Times.Read(text) is not { } at || (now - at).Duration() > Tolerance;
}
