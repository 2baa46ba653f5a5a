using System.Text.Json;

namespace Gateway.LoadTest.Report;

internal static class ReportJson
{
    // The default encoder writes < as \u003C, so the text can stand in a page as it is.
    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Of(ReportModel report) => JsonSerializer.Serialize(report, Shape);
}
