using System.Globalization;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Sources.Mapping;

/// <summary>Reads the times of one sender: its format, and the zone of times that name none.</summary>
internal sealed class TimeReader
{
    public const string Auto = "auto";
    private const string Unix = "unix";
    private const string UnixMilliseconds = "unix-ms";
    private const string Iso = "iso";
    private const string Rfc1123 = "rfc1123";

    // The longest text that is a time; a longer one is not looked at.
    private const int MaxLength = 64;

    // As seconds it would be the year 5138, as milliseconds it is 1973.
    private const decimal FirstMilliseconds = 100_000_000_000;

    private static readonly string[] Rfc1123Patterns
        = ["ddd, d MMM yyyy HH:mm:ss 'GMT'", "ddd, d MMM yyyy HH:mm:ss 'UTC'", "ddd, d MMM yyyy HH:mm:ss zzz"];

    private readonly string _format;
    private readonly TimeZoneInfo _zone;
    private readonly TimeSpan _precision = TimeSpan.FromSeconds(1);

    private TimeReader(string format, TimeZoneInfo zone)
    {
        (_format, _zone) = (format, zone);
        if (IsPattern(format)) _precision = TimePattern.PrecisionOf(format);
    }

    /// <param name="format">auto, unix, unix-ms, iso, rfc1123 or a .NET pattern; null: auto.</param>
    /// <param name="zone">An IANA name or an offset; null: UTC.</param>
    /// <param name="error">Null where there is none.</param>
    public static TimeReader? Create(string? format, string? zone, out string? error)
    {
        error = null;
        var found = ZoneOf(zone);
        if (found is null)
        {
            error = $"Zone '{zone}' is neither a time zone of this machine (Africa/Cairo) nor an offset (+02:00)";
        }
        else if (format is not null && IsPattern(format) && !TimePattern.NamesDay(format))
        {
            error = $"Format '{format}' is none of auto, unix, unix-ms, iso, rfc1123, and no .NET pattern "
                + "with year, month and day";
        }

        return error is null ? new TimeReader(format ?? Auto, found!) : null;
    }

    public DateTimeOffset? Read(string text) => Read(text, isLast: false);

    /// <summary>The last millisecond of the precision that the time was written with.</summary>
    public DateTimeOffset? ReadLast(string text) => Read(text, isLast: true);

    private DateTimeOffset? Read(string text, bool isLast) => text.Length > MaxLength ? null : _format switch
    {
        Auto => ReadIso(text, isLast) ?? ReadNumber(text, isMilliseconds: null, isLast),
        Iso => ReadIso(text, isLast),
        Unix => ReadNumber(text, isMilliseconds: false, isLast),
        UnixMilliseconds => ReadNumber(text, isMilliseconds: true, isLast),
        Rfc1123 => ReadPattern(text, Rfc1123Patterns, DateTimeStyles.AssumeUniversal, isLast),
        _ => ReadPattern(text, [_format], DateTimeStyles.None, isLast),
    };

    private DateTimeOffset? ReadIso(string text, bool isLast)
    {
        var time = isLast ? IsoTime.ParseLast(text) : IsoTime.Parse(text);
        return time is not { } read || HasZone(text) ? time : AtZone(read.DateTime);
    }

    /// <summary>A zone stands behind the time, where a minus sign cannot be part of the date.</summary>
    private static bool HasZone(string text)
    {
        var at = text.AsSpan().IndexOfAny("T \t");
        return at > 0 && text.AsSpan(at).IndexOfAny("Zz+-") > 0;
    }

    private static DateTimeOffset? ReadNumber(string text, bool? isMilliseconds, bool isLast)
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out var number)) return null;
        var isInMilliseconds = isMilliseconds ?? number >= FirstMilliseconds;
        if (Math.Abs(number) > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return null;
        var milliseconds = decimal.Floor(isInMilliseconds ? number : number * 1000);
        if (isLast && !isInMilliseconds && decimal.IsInteger(number)) milliseconds += 999;
        return milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                ? null
                : DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
    }

    private DateTimeOffset? ReadPattern(string text, string[] patterns, DateTimeStyles styles, bool isLast)
    {
        styles |= DateTimeStyles.AdjustToUniversal;
        if (!DateTime.TryParseExact(text, patterns, CultureInfo.InvariantCulture, styles, out var time)) return null;
        var ticks = time.Ticks - time.Ticks % TimeSpan.TicksPerMillisecond;
        if (isLast) ticks += _precision.Ticks - TimeSpan.TicksPerMillisecond;
        if (ticks > DateTime.MaxValue.Ticks) return null;
        return time.Kind == DateTimeKind.Utc ? new DateTimeOffset(ticks, TimeSpan.Zero) : AtZone(new DateTime(ticks));
    }

    /// <summary>Of an hour that the clocks show twice the second one counts; a skipped one is read as winter time.</summary>
    private DateTimeOffset? AtZone(DateTime local)
    {
        var ticks = local.Ticks - _zone.GetUtcOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified)).Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    private static TimeZoneInfo? ZoneOf(string? zone)
    {
        if (zone is null) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)) return found;
        return DateTimeOffset.TryParseExact(
            $"2001-01-01{zone}", "yyyy-MM-ddzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? TimeZoneInfo.CreateCustomTimeZone(zone, day.Offset, zone, zone)
            : null;
    }

    private static bool IsPattern(string format) => format is not (Auto or Unix or UnixMilliseconds or Iso or Rfc1123);
}
