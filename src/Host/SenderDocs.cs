using Markdig;

namespace Gateway.Host;

/// <summary>The sender guide as a page. It holds no data of operators, so it is served without a key.</summary>
internal static class SenderDocs
{
    public const string Path = "/docs/senders";

    private const string Head =
        """
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sender guide</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>
        :root{color-scheme:light dark}
        body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse;display:block;overflow-x:auto}
        td,th{border:1px solid #8886;padding:.3rem .6rem;text-align:left;vertical-align:top}
        pre{overflow-x:auto;padding:.8rem;background:#8882}
        </style></head><body>
        """;

    public static void MapSenderDocs(this WebApplication app)
    {
        var page = Head + Markdown.ToHtml(Guide(), new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers().Build());
        app.MapGet(Path, (HttpContext http) =>
        {
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            return Results.Content(page, "text/html; charset=utf-8");
        }).ExcludeFromDescription();
    }

    private static string Guide()
    {
        using var resource = typeof(SenderDocs).Assembly.GetManifestResourceStream("sender-guide.md")
            ?? throw new InvalidOperationException("sender-guide.md is not embedded.");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
