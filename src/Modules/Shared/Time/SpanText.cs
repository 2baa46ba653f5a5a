using System.Globalization;

namespace Gateway.Shared.Time;

/// <summary>How long, as a person says it: in the largest unit of which there are two.</summary>
public static class SpanText
{
    public static string Of(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => Text(span.TotalDays, "d"),
        { TotalHours: >= 2 } => Text(span.TotalHours, "h"),
        { TotalMinutes: >= 2 } => Text(span.TotalMinutes, "min"),
        _ => Text(span.TotalSeconds, "s"),
    };

    private static string Text(double count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count):0} {unit}");
}
