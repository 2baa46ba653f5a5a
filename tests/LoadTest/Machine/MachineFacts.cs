using System.Runtime.InteropServices;

namespace Gateway.LoadTest.Machine;

/// <summary>What a figure is worth depends on where it was measured.</summary>
internal sealed record MachineFacts(string Os, string Processor, int Cores, long MemoryBytes, string Runtime)
{
    private const string CpuInfo = "/proc/cpuinfo";

    public static MachineFacts OfThis() => new(
        RuntimeInformation.OSDescription,
        ModelOf(File.Exists(CpuInfo) ? File.ReadLines(CpuInfo) : []),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        RuntimeInformation.FrameworkDescription);

    private static string ModelOf(IEnumerable<string> lines)
        => lines.FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
           ?? RuntimeInformation.ProcessArchitecture.ToString();
}
