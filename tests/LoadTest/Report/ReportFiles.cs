using Gateway.LoadTest.Run;

namespace Gateway.LoadTest.Report;

internal static class ReportFiles
{
    public static async Task WriteAsync(Findings findings)
    {
        var folder = Directory.CreateDirectory(findings.Options.ReportFolder).FullName;
        var json = ReportJson.Of(ReportModel.Of(findings));
        await File.WriteAllTextAsync(Path.Combine(folder, "report.json"), json);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), ReportPage.Of(json));
        Console.WriteLine($"Report: {Path.Combine(folder, "report.html")} and report.json");
    }
}
