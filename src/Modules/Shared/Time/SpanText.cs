using System.Globalization;

namespace Gateway.Shared.Time;

/// <summary>A duration for people, in the largest unit that gives at least 2: <c>90 s</c>, <c>3 min</c>.</summary>
public static class SpanText
{
    public static string Of(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => Text(span.TotalDays, "d"),
        { TotalHours: >= 2 } => Text(span.TotalHours, "h"),
        { TotalMinutes: >= 2 } => Text(span.TotalMinutes, "min"),
        _ => Text(span.TotalSeconds, "s"),
    };

    private static string Text(double count, string unit)
        => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count):0} {unit}");
}
