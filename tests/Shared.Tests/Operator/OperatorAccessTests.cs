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

    [Fact]
    public async Task Operator_has_the_name_of_the_key_and_no_other()
    {
        using var answer = await SendAsync("GET", request =>
        {
            request.Headers.Add("X-Api-Key", Key);
            request.Headers.Add("X-Operator", "somebody else");
        });

        await ShouldBe(answer, "operator", "key");
    }

    [Fact]
    public async Task Login_cookie_allows_reads_without_the_console_header()
    {
        using var answer = await SendAsync(
            "GET", request => request.Headers.Add("Cookie", $"other=1; gateway-console={Session()}"));

        await ShouldBe(answer, "operator", "console");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Invalid_cookie_is_answered_401(string verb)
    {
        using var answer = await SendAsync(verb, request =>
        {
            request.Headers.Add("Cookie", $"gateway-console={Session()}x");
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
            request.Headers.Add("Cookie", $"gateway-console={Session()}");
            if (console is not null) request.Headers.TryAddWithoutValidation("X-Gateway-Console", console);
            if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        });

        ((int)answer.StatusCode).ShouldBe(expected);
    }

    [Fact]
    public async Task Writes_with_the_key_need_no_console_header()
    {
        using var answer = await SendAsync("POST", request => request.Headers.Add("X-Api-Key", Key));

        await ShouldBe(answer, "operator", "key");
    }

    [Fact]
    public async Task Wrong_key_is_rejected_despite_a_valid_cookie()
    {
        using var answer = await SendAsync("GET", request =>
        {
            request.Headers.Add("X-Api-Key", "wrong");
            request.Headers.Add("Cookie", $"gateway-console={Session()}");
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Development_without_a_key_has_one_name()
    {
        await using var host = await ProbeHost.StartAsync("Development");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/probe/operator");
        request.Headers.Add("X-Operator", "ada");

        using var answer = await host.Client.SendAsync(request);

        await ShouldBe(answer, "developer", "developer");
    }

    private static async Task ShouldBe(HttpResponseMessage answer, string name, string kind)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var identity = await answer.Content.ReadFromJsonAsync<JsonElement>();
        (identity.Text("name"), identity.Text("kind")).ShouldBe((name, kind));
    }

    private string Session() => _host.Services.GetRequiredService<OperatorSessions>().Begin(
        _host.Services.GetRequiredService<OperatorKeys>().All.Single()).Text;

    private async Task<HttpResponseMessage> SendAsync(string verb, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), "/probe/operator");
        change(request);
        return await _host.Client.SendAsync(request);
    }
}
