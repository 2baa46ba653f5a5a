using System.Net;
using System.Text;
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
        info.GetProperty("title").GetString().ShouldBe("Resilient Event Orchestration Gateway: Webhooks");
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

    [Fact]
    public async Task Sample_of_the_description_has_the_signature_of_its_body()
    {
        var ingest = (await _host.Client.GetAsync("/api-docs-json"))
            .GetProperty("paths").GetProperty("/v1/events-gateway").GetProperty("post");
        var curl = ingest.GetProperty("x-codeSamples")[0].GetProperty("source").GetString()!;
        var signature = ingest.GetProperty("parameters")[0].GetProperty("example").GetString()!;
        var body = Encoding.UTF8.GetBytes(curl.Split("--data-raw '")[1].TrimEnd('\''));
        curl.ShouldContain($"x-signature: {signature}");

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events-gateway");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("x-signature", signature);
        using var answer = await Browser.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("senders", "/v1/events-gateway", "202,400,401,408,413,415,429,503")]
    [InlineData("operators", "/v1/events-gateway/replays", "202,400,401,403,413,429,503")]
    [InlineData("operators", "/v1/events-gateway/pauses", "200,400,401,403,413,429,503")]
    [Trait("Defect", "R21")]
    public async Task Description_lists_exactly_the_existing_responses(string document, string path, string answers)
    {
        var description = await _host.Client.GetAsync($"/api-docs-json/{document}");

        description.GetProperty("paths").GetProperty(path).GetProperty("post").GetProperty("responses").EnumerateObject()
            .Select(answer => answer.Name).Order().ShouldBe(answers.Split(','));
    }

    [Fact]
    public async Task Senders_and_operators_have_a_document_each()
    {
        var senders = OperationsOf(await _host.Client.GetAsync("/api-docs-json/senders"));
        var operators = OperationsOf(await _host.Client.GetAsync("/api-docs-json/operators"));

        OperationsOf(await _host.Client.GetAsync("/api-docs-json")).Select(IdOf).ShouldBe(senders.Select(IdOf));
        senders.Select(IdOf).ShouldBe(["receiveEvent", "health", "live", "ready"], ignoreOrder: true);
        operators.Select(IdOf).ShouldNotContain("receiveEvent");
        operators.Select(IdOf).ShouldContain("listEvents");
        operators.Count.ShouldBeGreaterThan(20);
        (await Browser.GetAsync("/api-docs-json/others")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("senders")]
    [InlineData("operators")]
    public async Task Each_operation_has_an_id_of_its_own_and_a_typed_answer(string document)
    {
        var operations = OperationsOf(await _host.Client.GetAsync($"/api-docs-json/{document}"));

        operations.Select(IdOf).ShouldBeUnique();
        operations.ShouldAllBe(operation => IdOf(operation).Length > 0);
        operations.Where(operation => !operation.GetProperty("responses").EnumerateObject().Any(HasContent)).Select(IdOf)
            .ShouldBeEmpty();

        static bool HasContent(JsonProperty answer) => answer.Name[0] == '2' && answer.Value.TryGetProperty("content", out _);
    }

    [Fact]
    public async Task Operations_of_operators_need_a_key_and_name_their_role()
    {
        var description = await _host.Client.GetAsync("/api-docs-json/operators");

        var scheme = description.GetProperty("components").GetProperty("securitySchemes").GetProperty("operatorKey");
        (scheme.Text("type"), scheme.Text("in"), scheme.Text("name")).ShouldBe(("apiKey", "header", "X-Api-Key"));
        var open = OperationsOf(description).Where(operation => !operation.TryGetProperty("security", out _)).Select(IdOf);
        open.ShouldBe(["health", "live", "ready", "routeShipment"], ignoreOrder: true);
        OperationsOf(description).Single(operation => IdOf(operation) == "eraseEvents")
            .Text("description").ShouldBe("Role: `admin`.");
    }

    private static List<JsonElement> OperationsOf(JsonElement description)
        => [.. description.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value)];

    private static string IdOf(JsonElement operation) => operation.Text("operationId") ?? "";

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    // What a browser fetches by itself: sources, style sheets, imports. A plain link is fetched only when clicked.
    [GeneratedRegex("""(?:\bsrc\s*=\s*|<link[^>]*\bhref\s*=\s*|\bimport\b[^'"]{0,200}|\burl\(\s*)["'](?<address>[^"']+)["']""")]
    private static partial Regex Loaded();
}
