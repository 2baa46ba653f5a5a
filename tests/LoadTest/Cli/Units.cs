using System.Globalization;

namespace Gateway.LoadTest.Cli;

/// <summary>Parses and prints numbers with units.</summary>
internal static class Units
{
    private static readonly (string Name, double Seconds)[] Times = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];
    private static readonly (string Name, long Bytes)[] Sizes = [("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30)];

    public static bool TryDuration(string text, out TimeSpan duration)
    {
        foreach (var (name, seconds) in Times)
        {
            if (!text.EndsWith(name, StringComparison.Ordinal) || !TryNumber(text[..^name.Length], out var number)) continue;
            if (number * seconds >= TimeSpan.MaxValue.TotalSeconds) continue;
            duration = TimeSpan.FromSeconds(number * seconds);
            return true;
        }

        duration = default;
        return false;
    }

    public static bool TrySize(string text, out long bytes)
    {
        foreach (var (name, unit) in Sizes)
        {
            if (!text.EndsWith(name, StringComparison.OrdinalIgnoreCase)) continue;
            if (!TryNumber(text[..^name.Length], out var number)) continue;
            bytes = (long)(number * unit);
            return true;
        }

        bytes = 0;
        return false;
    }

    /// <summary><c>20%</c> or <c>0.2</c>.</summary>
    public static bool TryShare(string text, out double share)
    {
        var isPercent = text.EndsWith('%');
        if (!TryNumber(isPercent ? text[..^1] : text, out share)) return false;
        if (isPercent) share /= 100;
        return true;
    }

    public static string Text(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min"),
    };

    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:N0} MB");

    private static bool TryNumber(string text, out double number)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}
