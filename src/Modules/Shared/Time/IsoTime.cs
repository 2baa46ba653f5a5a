using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Shared.Time;

/// <summary>
/// ISO 8601 as the original's validator accepted it (basic and extended form, ordinal days, fractions of the smallest unit,
/// 24:00), except texts that name no point in time: bare years, week dates and days that do not exist. No zone means UTC; the
/// result is truncated to milliseconds.
/// </summary>
public static partial class IsoTime
{
    private const string Milliseconds = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // The forms that senders use most, read without the pattern: 0.2 µs instead of 1.5.
    private static readonly string[] Common = [Milliseconds, "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    /// <summary>UTC with milliseconds and Z: always 24 characters, so the order of the texts is the order of the times.</summary>
    public static string Text(DateTimeOffset at)
        => at.UtcDateTime.ToString(Milliseconds, CultureInfo.InvariantCulture);

    public static DateTimeOffset? Parse(string text) => ReadCommon(text) ?? Read(text, match => TimeSpan.Zero);

    /// <summary>The last millisecond of the time that the text names: of a date alone, the last one of its day.</summary>
    public static DateTimeOffset? ParseLast(string text)
        => ReadCommon(text) is { } common
            ? text.Contains('.', StringComparison.Ordinal) ? common : common.AddMilliseconds(999)
            : Read(text, match => TimeSpan.FromTicks(Math.Max(0, PrecisionOf(match).Ticks - TimeSpan.TicksPerMillisecond)))
            ?? Parse(text);

    private static DateTimeOffset? ReadCommon(string text)
        => DateTimeOffset.TryParseExact(
            text, Common, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var common) ? common : null;

    private static DateTimeOffset? Read(string text, Func<Match, TimeSpan> later)
    {
        var match = Pattern().Match(text);
        if (!match.Success || DayOf(match) is not { } day) return null;
        try
        {
            var utc = day + TimeOf(match) - ZoneOf(match) + later(match);
            return new DateTimeOffset(utc.Ticks - utc.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
        }
        catch (ArgumentOutOfRangeException)
        {
            // The offset leads outside the years 1 to 9999.
            return null;
        }
    }

    /// <summary>Whether the text has the form of a date; the day may not exist.</summary>
    public static bool HasForm(string text) => Pattern().IsMatch(text);

    private static DateTime? DayOf(Match match)
    {
        if (match.Groups["sign"].Value == "-" || Number(match, "year") is not (> 0 and var year)) return null;
        if (match.Groups["ordinal"].Success)
        {
            var ordinal = Number(match, "ordinal");
            return ordinal >= 1 && ordinal <= (DateTime.IsLeapYear(year) ? 366 : 365)
                ? new DateTime(year, 1, 1).AddDays(ordinal - 1)
                : null;
        }

        var month = Number(match, "month");
        var day = match.Groups["day"].Success ? Number(match, "day") : 1;
        return day <= DateTime.DaysInMonth(year, month) ? new DateTime(year, month, day) : null;
    }

    private static TimeSpan TimeOf(Match match)
    {
        if (!match.Groups["hour"].Success) return TimeSpan.Zero;
        var (hours, minutes, seconds) = (Number(match, "hour"), Number(match, "minute"), Number(match, "second"));
        return new TimeSpan(hours, minutes, seconds) + TimeSpan.FromTicks((long)(FractionOf(match) * UnitOf(match)));
    }

    private static long UnitOf(Match match) => match.Groups["second"].Success ? TimeSpan.TicksPerSecond
        : match.Groups["minute"].Success ? TimeSpan.TicksPerMinute
        : TimeSpan.TicksPerHour;

    private static TimeSpan PrecisionOf(Match match)
    {
        if (match.Groups["hour"].Success)
            return TimeSpan.FromTicks((long)(UnitOf(match) / Math.Pow(10, match.Groups["fraction"].Length)));
        var isDay = match.Groups["day"].Success || match.Groups["ordinal"].Success;
        return TimeSpan.FromDays(isDay ? 1 : DateTime.DaysInMonth(Number(match, "year"), Number(match, "month")));
    }

    private static decimal FractionOf(Match match)
    {
        var digits = match.Groups["fraction"].ValueSpan;
        return digits.IsEmpty
            ? 0
            : decimal.Parse(
                $"0.{digits[..Math.Min(digits.Length, 20)]}", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
    }

    private static TimeSpan ZoneOf(Match match)
    {
        var offset = new TimeSpan(Number(match, "zoneHour"), Number(match, "zoneMinute"), 0);
        return match.Groups["zoneSign"].Value == "-" ? -offset : offset;
    }

    private static int Number(Match match, string group)
        => match.Groups[group] is { Success: true, ValueSpan: var digits }
            ? int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)
            : 0;

    [GeneratedRegex(
        """
        ^(?<sign>[+-]?)(?<year>[0-9]{4})
        (?: -(?<month>0[1-9]|1[0-2]) (?: -(?<day>0[1-9]|[12][0-9]|3[01]) )?
          | (?<month>0[1-9]|1[0-2])(?<day>0[1-9]|[12][0-9]|3[01])
          | -?(?<ordinal>[0-3][0-9]{2}) )
        (?: (?: T | \s(?=\S) )
          (?: (?: (?<hour>[01][0-9]|2[0-3]) (?: (?<colon>:?)(?<minute>[0-5][0-9]) (?: \k<colon>(?<second>[0-5][0-9]) )? )?
                (?: [.,](?<fraction>[0-9]+) )?
              | (?<hour>24):?(?<minute>00) (?: [.,]0+ )? )
          )?
          (?: [Zz] | (?<zoneSign>[+-])(?<zoneHour>[01][0-9]|2[0-3]) (?: :?(?<zoneMinute>[0-5][0-9]) )? )?
        )?\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
