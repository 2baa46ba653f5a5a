using System.Diagnostics;

namespace Gateway.LoadTest.Measure;

/// <summary>Reads resident memory and CPU time of a process.</summary>
internal sealed class ProcessProbe : IDisposable
{
    private readonly Process _process;

    private ProcessProbe(Process process) => _process = process;

    public static ProcessProbe OfSelf() => new(Process.GetCurrentProcess());

    /// <exception cref="ArgumentException">The process does not exist.</exception>
    public static ProcessProbe Of(int processId) => new(Process.GetProcessById(processId));

    public ProcessReading Read()
    {
        // The properties of Process are cached until Refresh.
        _process.Refresh();
        return new ProcessReading(_process.WorkingSet64, _process.TotalProcessorTime);
    }

    /// <summary>Null after the process has ended.</summary>
    public ProcessReading? TryRead()
    {
        try
        {
            // A zombie process is still listed, with no memory.
            return !_process.HasExited && Read() is { Rss: > 0 } reading ? reading : null;
        }
        catch (InvalidOperationException)
        {
            // The process ended between HasExited and Read.
            return null;
        }
    }

    public void Dispose() => _process.Dispose();
}

/// <param name="Rss">Resident memory in bytes.</param>
/// <param name="Cpu">CPU time since the process started.</param>
internal readonly record struct ProcessReading(long Rss, TimeSpan Cpu);
