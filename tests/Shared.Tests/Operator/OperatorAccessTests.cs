using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.Shared.Operator;
using Gateway.Shared.Tests.Errors;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Shared.Tests.Operator;

/// <summary>The operator of a request, and the protection against cross-site requests.</summary>
public sealed class OperatorAccessTests : IAsyncLifetime
{
    private const string Key = "let-me-in-at-once";

    private ProbeHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ProbeHost.StartAsync(apiKey: Key);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(null, "api-key")]
    [InlineData("night shift", "night shift")]
    [InlineData("", "api-key")]
    [InlineData("  ", "api-key")]
    [InlineData(
        "0123456789012345678901234567890123456789012345678901234567890123",
        "0123456789012345678901234567890123456789012345678901234567890123")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", "api-key")]
    public async Task Operator_with_the_key_may_give_a_name(string? name, string expected)
    {
        using var answer = await SendAsync("GET", request =>
        {
            request.Headers.Add("X-Api-Key", Key);
            if (name is not null) request.Headers.TryAddWithoutValidation("X-Operator", name);
        });

        await ShouldBe(answer, expected, "key");
    }

    [Theory]
    [InlineData("Jörg Ä. 東京", true)]
    [InlineData(null, false)]
    [InlineData("a\nb", false)]
    [InlineData("a\u0085b", false)]
    [InlineData("a\u202eb", false)]
    [InlineData("a\u2028b", false)]
    [InlineData("a\ufffdb", false)]
    public void Name_must_be_printable(string? text, bool isName) => OperatorIdentity.IsName(text).ShouldBe(isName);

    [Fact]
    public async Task Login_cookie_allows_reads_without_the_console_header()
    {
        using var answer = await SendAsync(
            "GET", request => request.Headers.Add("Cookie", $"other=1; gateway-console={Session("ann")}"));

        await ShouldBe(answer, "ann", "console");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Invalid_cookie_is_answered_401(string verb)
    {
        using var answer = await SendAsync(verb, request =>
        {
            request.Headers.Add("Cookie", $"gateway-console={Session("ann")}x");
            request.Headers.Add("X-Gateway-Console", "1");
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("POST", null, null, 403)]
    [InlineData("DELETE", null, null, 403)]
    [InlineData("POST", "", null, 403)]
    [InlineData("POST", "true", null, 403)]
    [InlineData("POST", null, "same-origin", 403)]
    [InlineData("POST", "1", "cross-site", 403)]
    [InlineData("POST", "1", "same-site", 403)]
    [InlineData("POST", "1", "none", 403)]
    [InlineData("POST", "1", null, 200)]
    [InlineData("POST", "1", "same-origin", 200)]
    [InlineData("DELETE", "1", "same-origin", 200)]
    [InlineData("GET", null, "cross-site", 200)]
    [InlineData("HEAD", null, null, 200)]
    public async Task Writes_with_the_cookie_need_the_console_header(string verb, string? console, string? site, int expected)
    {
        using var answer = await SendAsync(verb, request =>
        {
            request.Headers.Add("Cookie", $"gateway-console={Session("ann")}");
            if (console is not null) request.Headers.TryAddWithoutValidation("X-Gateway-Console", console);
            if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        });

        ((int)answer.StatusCode).ShouldBe(expected);
    }

    [Fact]
    public async Task Writes_with_the_key_need_no_console_header()
    {
        using var answer = await SendAsync("POST", request => request.Headers.Add("X-Api-Key", Key));

        await ShouldBe(answer, "api-key", "key");
    }

    [Fact]
    public async Task Wrong_key_is_rejected_despite_a_valid_cookie()
    {
        using var answer = await SendAsync("GET", request =>
        {
            request.Headers.Add("X-Api-Key", "wrong");
            request.Headers.Add("Cookie", $"gateway-console={Session("ann")}");
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(null, "developer")]
    [InlineData("ada", "ada")]
    [InlineData(" ", "developer")]
    public async Task Development_without_a_key_accepts_a_given_name(string? name, string expected)
    {
        await using var host = await ProbeHost.StartAsync("Development");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/probe/operator");
        if (name is not null) request.Headers.TryAddWithoutValidation("X-Operator", name);

        using var answer = await host.Client.SendAsync(request);

        await ShouldBe(answer, expected, "developer");
    }

    private static async Task ShouldBe(HttpResponseMessage answer, string name, string kind)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var identity = await answer.Content.ReadFromJsonAsync<JsonElement>();
        (identity.Text("name"), identity.Text("kind")).ShouldBe((name, kind));
    }

    private string Session(string name) => _host.Services.GetRequiredService<OperatorSessions>().Begin(name);

    private async Task<HttpResponseMessage> SendAsync(string verb, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), "/probe/operator");
        change(request);
        return await _host.Client.SendAsync(request);
    }
}
