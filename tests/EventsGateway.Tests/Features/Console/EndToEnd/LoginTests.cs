using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using static Gateway.EventsGateway.Tests.Features.Console.EndToEnd.ConsoleVisitor;

namespace Gateway.EventsGateway.Tests.Features.Console.EndToEnd;

public sealed class LoginTests
{
    private const string Counts = GatewayClient.BasePath + "/events/counts";

    [Fact]
    public async Task Login_grants_the_operator_api_until_logout()
    {
        await using var host = StartGuarded();
        using var console = host.NewConsole();
        (await console.SessionAsync()).ShouldBe((null, true, false));
        (await console.Http.GetAsync(Counts)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await console.LogInAsync()).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await console.SessionAsync()).ShouldBe(("ann", false, true));
        (await console.Http.GetAsync(Counts)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await console.ReplayAsync(new { filter = new { } })).GetProperty("replayed").GetInt32().ShouldBe(0);

        (await console.Http.DeleteAsync(SessionPath)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await console.SessionAsync()).ShouldBe((null, true, false));
        (await console.Http.GetAsync(Counts)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Cookie_is_same_site_and_http_only()
    {
        await using var host = StartGuarded();
        using var client = host.NewConsole();

        using var answer = await client.LogInAsync();

        var cookie = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldStartWith("gateway-console=");
        cookie.Split("; ")[1..].ShouldBe(["path=/", "samesite=strict", "httponly"], ignoreOrder: true);
        cookie.ShouldNotContain(Key);
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("HTTPS, http", true)]
    [InlineData("http", false)]
    public async Task Cookie_is_secure_behind_a_tls_proxy(string proto, bool isSecure)
    {
        await using var host = StartGuarded();
        using var client = host.NewConsole();
        client.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", proto);

        using var answer = await client.LogInAsync();

        answer.Headers.GetValues("Set-Cookie").Single().Split("; ").Contains("secure").ShouldBe(isSecure);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData("AN OPERATOR'S KEY")]
    public async Task Wrong_key_is_answered_401_without_a_cookie(string key)
    {
        await using var host = StartGuarded();
        using var client = host.NewConsole();

        using var answer = await client.LogInAsync(key);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("message").ShouldBe("Wrong key");
    }

    [Theory]
    [InlineData("""{"name":"","key":"k"}""", "name")]
    [InlineData("""{"name":"a\nb","key":"k"}""", "name")]
    [InlineData("""{"key":"k"}""", "name")]
    [InlineData("""{"name":"ann"}""", "key")]
    [InlineData("""{"name":"ann","key":1}""", "key")]
    [InlineData("""{"name":"ann","key":"k","more":1}""", "more")]
    [InlineData("nonsense", "body")]
    public async Task Invalid_login_is_answered_400_with_the_field(string body, string field)
    {
        await using var host = StartGuarded();

        var (status, problem) = await host.Client.RejectedAsync(
            new(HttpMethod.Post, SessionPath) { Content = new StringContent(body, null, "application/json") });

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe([field]);
    }

    [Fact]
    public async Task Form_post_of_another_site_is_not_a_login()
    {
        await using var host = StartGuarded();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", "ann"), KeyValuePair.Create("key", Key)]);

        using var answer = await host.Client.Http.PostAsync(SessionPath, form);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Eleventh_wrong_key_in_a_minute_is_answered_429_and_the_right_key_is_accepted()
    {
        await using var host = StartGuarded();
        using var client = host.NewConsole();
        for (var i = 0; i < 10; i++) (await client.LogInAsync("wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var answer = await client.LogInAsync("wrong");

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetInt32().ShouldBe(429);
        (await client.LogInAsync()).StatusCode.ShouldBe(HttpStatusCode.NoContent, "the right key is never throttled");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("1", "cross-site")]
    [InlineData(null, "cross-site")]
    public async Task Cross_site_request_with_a_valid_cookie_is_rejected(string? console, string? site)
    {
        await using var host = StartGuarded();
        using var client = host.NewClient();
        await client.LogInAsync();
        using var replay = new HttpRequestMessage(
            HttpMethod.Post, $"{GatewayClient.BasePath}/replays") { Content = JsonContent.Create(new { filter = new { } }) };
        if (console is not null) replay.Headers.Add("X-Gateway-Console", console);
        if (site is not null) replay.Headers.Add("Sec-Fetch-Site", site);

        (await client.Http.SendAsync(replay)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Another_process_with_the_same_key_accepts_the_login()
    {
        await using var first = StartGuarded();
        await using var second = StartGuarded();
        using var login = await first.Client.LogInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, Counts);
        request.Headers.Add("Cookie", login.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);

        using var other = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = second.Address };
        (await other.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Development_without_a_key_needs_no_login()
    {
        await using var host = GatewayHost.Start();
        using var client = host.NewConsole();

        (await client.SessionAsync()).ShouldBe(("developer", false, false));
        using var login = await client.LogInAsync("any");
        (login.StatusCode, login.Headers.Contains("Set-Cookie")).ShouldBe((HttpStatusCode.NoContent, false));
    }
}
