using System.Diagnostics;
using Gateway.Shared.Time;

namespace Gateway.Shared.Hosting;

/// <summary>What the console and the list of processes say of this process.</summary>
public static class ThisProcess
{
    /// <summary>ISO 8601.</summary>
    public static string StartedAt { get; } = Start();

    private static string Start()
    {
        using var process = Process.GetCurrentProcess();
        return IsoTime.Text(process.StartTime.ToUniversalTime());
    }
}
