using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Pages;

public sealed partial class ApiDocsTests : IAsyncDisposable
{
    private readonly GatewayHost _host = GatewayHost.Start();

    private HttpClient Browser => _host.Client.Http;

    [Fact]
    public async Task Page_loads_nothing_from_another_host()
    {
        var html = await Browser.GetStringAsync("/api-docs");

        var loaded = Loaded().Matches(html).Select(match => match.Groups["address"].Value).ToList();
        loaded.ShouldNotBeEmpty();
        foreach (var address in loaded)
        {
            var target = new Uri(new Uri(_host.Address, "/api-docs/"), address);
            target.Authority.ShouldBe(_host.Address.Authority, address);
            using var answer = await Browser.GetAsync(target);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        }
    }

    [Theory]
    [InlineData("https://")]
    [InlineData("http://")]
    [InlineData("\"//")]
    [InlineData("'//")]
    [InlineData("proxyUrl")]
    public async Task Page_names_no_other_host(string address)
        => (await Browser.GetStringAsync("/api-docs")).ShouldNotContain(address, Case.Insensitive);

    [Theory]
    [InlineData("withDefaultFonts")]
    [InlineData("telemetry")]
    public async Task Page_disables_the_remote_features_of_its_script(string feature)
        => Regex.Replace(await Browser.GetStringAsync("/api-docs"), @"[\s""]", "")
            .ShouldContain($"{feature}:false", Case.Insensitive);

    [Fact]
    public async Task Page_can_sign_a_sample_in_development()
    {
        var html = await Browser.GetStringAsync("/api-docs");

        html.ShouldContain("'x-signature': signature");
        html.ShouldContain(GatewayHost.Secret);
    }

    [Fact]
    public async Task Page_does_not_show_the_secret_outside_development()
    {
        using var folder = new TempFolder();
        await using var production = await GatewayProcess.StartAsync(
            folder.Path,
            ("ASPNETCORE_ENVIRONMENT", "Production"), ("Gateway__App__ApiDocs", "true"),
                ("ROUTING_SERVICE_URL", "http://127.0.0.1:9/route"));

        (await production.Client.Http.GetStringAsync("/api-docs")).ShouldNotContain(GatewayHost.Secret);
    }

    [Fact]
    [Trait("Defect", "B28")]
    public async Task Description_has_the_ingestion_endpoint_and_its_signature_header()
    {
        var description = await _host.Client.GetAsync("/api-docs-json");

        var ingest = description.GetProperty("paths").GetProperty("/v1/events-gateway").GetProperty("post");
        var header = ingest.GetProperty("parameters").EnumerateArray().ShouldHaveSingleItem();
        header.GetProperty("name").GetString().ShouldBe("x-signature");
        header.GetProperty("in").GetString().ShouldBe("header");
        header.GetProperty("required").GetBoolean().ShouldBeTrue();
        description.GetRawText().ShouldNotContain("x-hmac-signature");
    }

    [Fact]
    public async Task Description_has_title_version_and_every_field_of_a_webhook()
    {
        var description = await _host.Client.GetAsync("/api-docs-json");

        var info = description.GetProperty("info");
        info.GetProperty("title").GetString().ShouldBe("Resilient Event Orchestration Gateway");
        info.GetProperty("version").GetString().ShouldBe("1.0");
        var body = description.GetProperty("paths").GetProperty("/v1/events-gateway").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
        body.GetProperty("schema").GetProperty("required").EnumerateArray().Select(name => name.GetString())
            .ShouldBe(JsonSerializer.SerializeToElement(new Webhooks().Next(), JsonSerializerOptions.Web)
                .EnumerateObject().Select(member => member.Name), ignoreOrder: true);
    }

    [Fact]
    public async Task Example_of_the_description_is_accepted()
    {
        var description = await _host.Client.GetAsync("/api-docs-json");
        var example = description.GetProperty("paths").GetProperty("/v1/events-gateway").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");

        using var answer = await _host.Client.PostSignedAsync(JsonSerializer.SerializeToUtf8Bytes(example));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("/v1/events-gateway", "202,400,401,408,413,415,429,503")]
    [InlineData("/v1/events-gateway/replays", "202,400,401,403")]
    [Trait("Defect", "R21")]
    public async Task Description_lists_exactly_the_existing_responses(string path, string answers)
    {
        var description = await _host.Client.GetAsync("/api-docs-json");

        description.GetProperty("paths").GetProperty(path).GetProperty("post").GetProperty("responses").EnumerateObject()
            .Select(answer => answer.Name).Order().ShouldBe(answers.Split(','));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    // What a browser fetches by itself: sources, style sheets, imports. A plain link is fetched only when clicked.
    [GeneratedRegex("""(?:\bsrc\s*=\s*|<link[^>]*\bhref\s*=\s*|\bimport\b[^'"]{0,200}|\burl\(\s*)["'](?<address>[^"']+)["']""")]
    private static partial Regex Loaded();
}
