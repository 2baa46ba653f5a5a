using System.Globalization;

namespace Gateway.LoadTest.Cli;

/// <summary>Unmeasured load before a run, by time or by requests: it keeps just-in-time compilation out of the figures.</summary>
internal sealed record WarmUp(TimeSpan? Duration, long? Requests)
{
    public static readonly WarmUp None = new(null, 0);

    /// <summary>By requests where a run has few of them or waits for all of them to settle.</summary>
    public static WarmUp DefaultOf(bool byRequests) => byRequests ? new(null, 2_000) : new(TimeSpan.FromSeconds(3), null);

    public bool IsNone => Requests == 0;

    public static bool TryParse(string text, out WarmUp? warmUp)
    {
        warmUp = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var requests)
            ? new WarmUp(null, requests)
            : Units.TryDuration(text, out var duration) ? new WarmUp(duration, null)
            : null;
        return warmUp is not null;
    }

    public override string ToString() => IsNone ? "none" : Duration is { } time ? Units.Text(time) : $"{Requests} requests";
}
