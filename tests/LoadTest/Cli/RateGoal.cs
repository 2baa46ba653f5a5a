using System.Globalization;

namespace Gateway.LoadTest.Cli;

/// <summary>Requests a second, or a share of what the target takes at most.</summary>
internal sealed record RateGoal(double? PerSecond, double? ShareOfTop)
{
    public static bool TryParse(string text, out RateGoal? goal)
    {
        var isShare = text.EndsWith('%');
        goal = double.TryParse(isShare ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0
            ? isShare ? new RateGoal(null, number / 100) : new RateGoal(number, null)
            : null;
        return goal is not null;
    }

    public override string ToString()
        => ShareOfTop is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share:P0} of the target's own top rate")
            : string.Create(CultureInfo.InvariantCulture, $"{PerSecond:N0}/s");
}
