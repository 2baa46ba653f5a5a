using System.Globalization;

namespace Gateway.EventsGateway.Sources.Mapping;

/// <summary>What a .NET date pattern can say, found by writing a sample with it.</summary>
internal static class TimePattern
{
    private static readonly DateTime Sample = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    private static readonly TimeSpan[] Units =
    [
        TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100),
        TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1),
    ];

    /// <summary>A pattern without year, month and day reads every time as one of today.</summary>
    public static bool NamesDay(string pattern)
    {
        const DateTimeStyles styles = DateTimeStyles.AdjustToUniversal;
        try
        {
            var text = Sample.ToString(pattern, CultureInfo.InvariantCulture);
            return DateTime.TryParseExact(text, pattern, CultureInfo.InvariantCulture, styles, out var read)
                && read.Date == Sample.Date;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The smallest unit that the pattern shows.</summary>
    public static TimeSpan PrecisionOf(string pattern)
    {
        var text = Sample.ToString(pattern, CultureInfo.InvariantCulture);
        var shown = Array.Find(Units, unit => Sample.Add(unit).ToString(pattern, CultureInfo.InvariantCulture) != text);
        return shown == default ? TimeSpan.FromDays(1) : shown;
    }
}
