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

        (await console.SessionAsync()).ShouldBe(("operator", false, true));
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
    public async Task Cookie_is_secure_and_of_this_host_alone_behind_a_tls_proxy(string proto, bool isSecure)
    {
        await using var host = StartGuarded();
        using var client = host.NewConsole();
        client.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", proto);

        using var answer = await client.LogInAsync();

        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.Split("; ").Contains("secure").ShouldBe(isSecure);
        cookie.StartsWith("__Host-", StringComparison.Ordinal).ShouldBe(isSecure);
        answer.Headers.Contains("Strict-Transport-Security").ShouldBe(isSecure);
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
    [InlineData("{}", "key")]
    [InlineData("""{"name":"ann"}""", "key")]
    [InlineData("""{"key":1}""", "key")]
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
    public async Task Copied_cookie_is_invalid_after_the_logout()
    {
        await using var host = StartGuarded();
        using var client = host.NewConsole();
        using var login = await client.LogInAsync();
        var copy = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        (await StatusAsync(host, copy)).ShouldBe(HttpStatusCode.OK);

        (await client.Http.DeleteAsync(SessionPath)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await StatusAsync(host, copy)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Logout_is_known_after_a_restart_and_ends_no_other_session()
    {
        var host = StartGuarded();
        using var client = host.NewConsole();
        using var login = await client.LogInAsync();
        using var other = await host.NewConsole().LogInAsync();
        string CookieOf(HttpResponseMessage answer) => answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        await client.Http.DeleteAsync(SessionPath);
        await host.StopAsync();

        await using var next = host.StartAgain();

        await Until.TrueAsync(() => StatusAsync(next, CookieOf(login)), status => status == HttpStatusCode.Unauthorized);
        (await StatusAsync(next, CookieOf(other))).ShouldBe(HttpStatusCode.OK);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Name_that_an_old_console_sends_is_ignored()
    {
        await using var host = StartGuarded();
        using var client = host.NewConsole();

        using var answer = await client.Http.PostAsJsonAsync(SessionPath, new { name = "mallory", key = Key });

        (await client.SessionAsync()).ShouldBe(("operator", false, true));
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

        (await StatusAsync(second, login.Headers.GetValues("Set-Cookie").Single().Split(';')[0])).ShouldBe(HttpStatusCode.OK);
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

    /// <summary>Of a request that has this cookie alone.</summary>
    private static async Task<HttpStatusCode> StatusAsync(GatewayHost host, string cookie)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, Counts);
        request.Headers.Add("Cookie", cookie);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
