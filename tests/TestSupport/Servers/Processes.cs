using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Gateway.TestSupport.Servers;

/// <summary>The processes of this machine as Linux lists them in <c>/proc</c>.</summary>
public static class Processes
{
    internal const int SigTerm = 15;
    internal const int SigCont = 18;
    internal const int SigStop = 19;
    private const int NoSuchProcess = 3;

    /// <summary>A zombie does not run.</summary>
    public static bool IsRunning(int id) => StateOf(id) is not (null or 'Z' or 'X');

    public static bool IsStopped(int id) => StateOf(id) is 'T';

    /// <summary>All descendants, parents before children; they need not be in one process group or session.</summary>
    internal static IReadOnlyList<int> Below(int root)
    {
        var childrenOf = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0).Where(id => id > 0)
            .Select(id => (Id: id, Stat: StatOf(id))).Where(process => process.Stat is not null)
            .ToLookup(process => int.Parse(process.Stat![1]), process => process.Id);
        var below = childrenOf[root].ToList();
        for (var i = 0; i < below.Count; i++) below.AddRange(childrenOf[below[i]]);
        return below;
    }

    /// <summary>One that has just ended needs no signal any more.</summary>
    internal static void Signal(int id, int signal)
    {
        if (Kill(id, signal) != 0 && Marshal.GetLastPInvokeError() is var error && error != NoSuchProcess)
            throw new Win32Exception(error, $"Signal {signal} to process {id} failed");
    }

    private static char? StateOf(int id) => StatOf(id)?[0][0];

    /// <summary>State, parent and so on: what follows the name, which may hold blanks and brackets itself.</summary>
    private static string[]? StatOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // The process has ended.
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
