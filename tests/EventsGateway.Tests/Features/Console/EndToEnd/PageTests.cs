using System.Net;
using System.Text.RegularExpressions;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using static Gateway.EventsGateway.Tests.Features.Console.EndToEnd.ConsoleVisitor;

namespace Gateway.EventsGateway.Tests.Features.Console.EndToEnd;

public sealed partial class PageTests
{
    private const string Asset = "/console/assets/console.html";

    public static TheoryData<string, string> Routes => new()
    {
        { "GET", "/console" }, { "GET", "/console/" }, { "GET", Asset }, { "GET", LivePath }, { "GET", SessionPath },
        { "POST", SessionPath }, { "DELETE", SessionPath },
    };

    [Fact]
    public async Task Page_is_served_without_a_login_and_not_cached()
    {
        await using var host = StartGuarded();

        using var answer = await host.Client.Http.GetAsync("/console");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Page_preloads_every_script_module()
    {
        await using var host = StartGuarded();
        var main = new Uri(host.Client.Http.BaseAddress!, "/console/assets/app/main.js");
        var page = await host.Client.Http.GetStringAsync("/console");
        var modules = new List<Uri> { main };
        for (var at = 0; at < modules.Count; at++)
        {
            var text = await host.Client.Http.GetStringAsync(modules[at]);
            modules.AddRange(
                Import().Matches(text).Select(import => new Uri(modules[at], import.Groups[1].Value)).Except(modules).ToList());
        }

        modules.Count.ShouldBeGreaterThan(20);
        modules.Where(module => module != main && !page.Contains(
            $"<link rel=\"modulepreload\" href=\"{module.AbsolutePath}\">", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Unchanged_page_file_is_answered_304()
    {
        await using var host = StartGuarded();
        using var first = await host.Client.Http.GetAsync(Asset);
        using var again = new HttpRequestMessage(HttpMethod.Get, Asset);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var answer = await host.Client.Http.SendAsync(again);

        (first.StatusCode, first.Headers.CacheControl!.NoCache).ShouldBe((HttpStatusCode.OK, true));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("/console")]
    [InlineData(Asset)]
    [InlineData(SessionPath)]
    [InlineData("/console/assets/nonsense")]
    public async Task Console_headers_forbid_foreign_scripts_and_frames(string path)
    {
        await using var host = StartGuarded();

        using var answer = await host.Client.Http.GetAsync(path);

        var policy = Header(answer, "Content-Security-Policy");
        policy.ShouldContain("default-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        Header(answer, "X-Content-Type-Options").ShouldBe("nosniff");
        Header(answer, "Referrer-Policy").ShouldBe("no-referrer");
    }

    [Theory]
    [InlineData("nonsense.js")]
    [InlineData("..%2f..%2fappsettings.json")]
    [InlineData("console%2fconsole.html")]
    public async Task Unknown_page_file_is_404(string name)
    {
        await using var host = StartGuarded();

        (await host.Client.RejectedAsync(new(HttpMethod.Get, $"/console/assets/{name}"))).Status.ShouldBe(404);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Console_is_404_outside_development_without_a_key(string verb, string route)
    {
        await using var host = GatewayHost.Start((GatewayHost.EnvironmentName, "Production"));

        var (status, problem) = await host.Client.RejectedAsync(new(new HttpMethod(verb), route));

        (status, problem.Text("message")).ShouldBe((404, $"Cannot {verb} {route}"));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Disabled_console_is_404(string verb, string route)
    {
        await using var host = StartGuarded(("Console:Enabled", "false"));

        (await host.Client.RejectedAsync(new(new HttpMethod(verb), route))).Status.ShouldBe(404);
    }

    private static string Header(HttpResponseMessage answer, string name)
        => answer.Headers.GetValues(name).ShouldHaveSingleItem();

    [GeneratedRegex("^import .* from '([^']+)';", RegexOptions.Multiline)]
    private static partial Regex Import();
}
