using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Gateway.Host.Tests.Architecture;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Pages;

public sealed partial class SenderDocsTests
{
    private const string Signature = "b4c0f6e35bc6ea48689748f53b3ca86bda050db55e80bd681f703242d4268ace";

    /// <summary>The language of a snippet, and the command that runs its file.</summary>
    public static TheoryData<string, string, string> Languages => new()
    {
        { "bash", "sign.sh", "bash" },
        { "js", "sign.js", "node" },
        { "python", "sign.py", "python3" },
        { "php", "sign.php", "php" },
        { "java", "Sign.java", "java" },
        { "csharp", "sign.cs", "dotnet" },
    };

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Snippet_prints_the_signature_of_the_test_vector(string language, string file, string tool)
    {
        var guide = await File.ReadAllTextAsync(
            Path.Combine(Solution.Root, "docs", "sender-guide.md"), TestContext.Current.CancellationToken);
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, file);
        await File.WriteAllTextAsync(path, SnippetOf(guide, language), TestContext.Current.CancellationToken);

        if (await OutputOfAsync(tool, path) is not { } output)
        {
            Assert.Skip($"{tool} is not installed");
            return;
        }

        output.Trim().ShouldBe(Signature);
    }

    [Fact]
    public async Task Sender_guide_is_served_to_everybody_as_a_page_without_scripts()
    {
        await using var host = GatewayHost.Start();

        using var answer = await host.Client.Http.GetAsync("/docs/senders", TestContext.Current.CancellationToken);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldStartWith("default-src 'none'");
        page.ShouldContain("<h1 id=\"sender-guide\">Sender guide</h1>");
        page.ShouldContain(Signature);
        page.ShouldContain("<table>");
        page.ShouldNotContain("<script");
        foreach (Match link in Links().Matches(page)) link.Groups[1].Value.ShouldStartWith("#");
    }

    private static string SnippetOf(string guide, string language)
        => Regex.Match(guide, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    /// <summary>Null where the tool is not installed.</summary>
    private static async Task<string?> OutputOfAsync(string tool, string path)
    {
        string[] arguments = tool == "dotnet" ? ["run", path] : [path];
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(tool, arguments)
            {
                RedirectStandardOutput = true,
                WorkingDirectory = Path.GetDirectoryName(path),
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return null;
        }

        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Links();
}
