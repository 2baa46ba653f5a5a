using System.Globalization;

namespace Gateway.LoadTest.Cli;

/// <summary>Load that is not measured, so that just-in-time compilation isn't either: for a time, or so many requests.</summary>
internal sealed record WarmUp(TimeSpan? Duration, long? Requests)
{
    public static readonly WarmUp None = new(null, 0);

    public bool IsNone => Requests == 0;

    public static bool TryParse(string text, out WarmUp? warmUp)
    {
        warmUp = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var requests) ? new WarmUp(null, requests)
            : Units.TryDuration(text, out var duration) ? new WarmUp(duration, null)
            : null;
        return warmUp is not null;
    }

    public override string ToString() => IsNone ? "none" : Duration is { } time ? Units.Text(time) : $"{Requests} requests";
}
