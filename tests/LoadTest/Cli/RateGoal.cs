using System.Globalization;

namespace Gateway.LoadTest.Cli;

/// <summary>Requests per second, absolute or as a share of the target's top rate.</summary>
internal sealed record RateGoal(double? PerSecond, double? ShareOfTop)
{
    /// <summary>Above these rates the client measures its own limit.</summary>
    public static readonly Bounds<RateGoal?> Bounds = new(
        "more than 0 and at most 1000000, or 1000%",
        goal => goal is { PerSecond: > 0 and <= 1_000_000 } or { ShareOfTop: > 0 and <= 10 });

    public static bool TryParse(string text, out RateGoal? goal)
    {
        var isShare = text.EndsWith('%');
        goal = double.TryParse(isShare ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? isShare ? new RateGoal(null, number / 100) : new RateGoal(number, null)
            : null;
        return goal is not null;
    }

    public override string ToString()
        => ShareOfTop is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share:P0} of the target's own top rate")
            : string.Create(CultureInfo.InvariantCulture, $"{PerSecond:N0}/s");
}
