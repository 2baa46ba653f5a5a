using System.Text;
using System.Text.Json;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Measure;

namespace Gateway.LoadTest.Report;

/// <summary>Writes report.json and report.html, a page without external resources.</summary>
internal static class ReportFiles
{
    // The default encoder writes < as \u003C, so the JSON can be embedded in a page.
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Called before the run, so that an invalid folder does not cost a run.</summary>
    public static string CreateFolder(LoadOptions options)
    {
        try
        {
            return Directory.CreateDirectory(options.ReportFolder).FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new CannotRunException($"The report folder cannot be created (--report): {error.Message}");
        }
    }

    public static async Task WriteAsync(Findings findings)
    {
        var folder = CreateFolder(findings.Options);
        var json = JsonSerializer.Serialize(ReportModel.Of(findings), JsonOptions);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.json"), json);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), PageOf(json));
        Console.WriteLine($"Report: {Path.Combine(folder, "report.html")} and report.json");
    }

    private static string PageOf(string json)
        => Resource("page.html")
            .Replace("/*uplot.css*/", Resource("uPlot.css"), StringComparison.Ordinal)
            .Replace("/*page.css*/", Resource("page.css"), StringComparison.Ordinal)
            .Replace("/*uplot.license*/", Resource("uPlot.LICENSE.txt"), StringComparison.Ordinal)
            .Replace("/*uplot.js*/", Resource("uPlot.js"), StringComparison.Ordinal)
            .Replace("/*page.js*/", Resource("page.js"), StringComparison.Ordinal)
            .Replace("/*report.json*/", json, StringComparison.Ordinal);

    private static string Resource(string name)
    {
        using var stream = typeof(ReportFiles).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
