using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Client;
using Gateway.LoadTest.Run;

namespace Gateway.LoadTest.Report;

internal static class ReportFiles
{
    /// <summary>Before the run: nobody waits ten minutes for a report that has no place.</summary>
    public static string MakeFolder(LoadOptions options)
    {
        try
        {
            return Directory.CreateDirectory(options.ReportFolder).FullName;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CannotRunException($"The folder for the report cannot be made (--report): {fault.Message}");
        }
    }

    public static async Task WriteAsync(Findings findings)
    {
        var folder = MakeFolder(findings.Options);
        var json = ReportJson.Of(ReportModel.Of(findings));
        await File.WriteAllTextAsync(Path.Combine(folder, "report.json"), json);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), ReportPage.Of(json));
        Console.WriteLine($"Report: {Path.Combine(folder, "report.html")} and report.json");
    }
}
