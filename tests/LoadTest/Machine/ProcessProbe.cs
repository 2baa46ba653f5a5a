using System.Diagnostics;

namespace Gateway.LoadTest.Machine;

/// <summary>Resident memory and processor time of a process; null once it is gone.</summary>
internal sealed class ProcessProbe : IDisposable
{
    private readonly Process _process;

    private ProcessProbe(Process process) => _process = process;

    public static ProcessProbe OfSelf() => new(Process.GetCurrentProcess());

    /// <exception cref="ArgumentException">There is no such process.</exception>
    public static ProcessProbe Of(int processId) => new(Process.GetProcessById(processId));

    public ProcessReading Read()
    {
        // Read afresh from /proc on Linux, from the system's own counters elsewhere.
        _process.Refresh();
        return new ProcessReading(_process.WorkingSet64, _process.TotalProcessorTime);
    }

    public ProcessReading? TryRead()
    {
        try
        {
            // One that has ended, and whose parent has not asked how, is still listed: without memory.
            return !_process.HasExited && Read() is { Rss: > 0 } reading ? reading : null;
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the answer.
            return null;
        }
    }

    public void Dispose() => _process.Dispose();
}
