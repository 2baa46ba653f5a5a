using System.Text;

namespace Gateway.LoadTest.Report;

/// <summary>One file with all it needs: a page that asks no other host for anything.</summary>
internal static class ReportPage
{
    public static string Of(string json)
        => Part("page.html")
            .Replace("/*uplot.css*/", Part("uPlot.css"), StringComparison.Ordinal)
            .Replace("/*page.css*/", Part("page.css"), StringComparison.Ordinal)
            .Replace("/*uplot.license*/", Part("uPlot.LICENSE.txt"), StringComparison.Ordinal)
            .Replace("/*uplot.js*/", Part("uPlot.js"), StringComparison.Ordinal)
            .Replace("/*page.js*/", Part("page.js"), StringComparison.Ordinal)
            .Replace("/*report.json*/", json, StringComparison.Ordinal);

    private static string Part(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
