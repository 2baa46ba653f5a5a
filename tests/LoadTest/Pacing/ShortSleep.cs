using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gateway.LoadTest.Pacing;

/// <summary>
/// Sleeps shorter than the millisecond of <see cref="Thread.Sleep(int)"/> (really 1.1 ms): at 5,000 requests a second five would
/// leave at once. Spinning would take a core from the server.
/// </summary>
internal static class ShortSleep
{
    private static readonly long Shortest = Stopwatch.Frequency / 10_000;
    private static readonly long Longest = Stopwatch.Frequency / 100;

    /// <summary>About so many timestamp ticks, from 100 µs to 10 ms: the caller looks again then.</summary>
    public static void For(long ticks)
    {
        ticks = Math.Clamp(ticks, Shortest, Longest);
        if (OperatingSystem.IsWindows()) Thread.Sleep(1);
        else _ = MicroSleep((uint)(ticks * 1_000_000 / Stopwatch.Frequency));
    }

    [DllImport("libc", EntryPoint = "usleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MicroSleep(uint microseconds);
}
