using System.Net;
using Gateway.Shared.Operator;
using Gateway.Shared.Tests.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Shared.Tests.Operator;

public sealed class OperatorOnlyTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("let-me-in-at-onc")]
    [InlineData("let-me-in-at-once2")]
    [InlineData("LET-ME-IN-AT-ONCE")]
    public async Task Request_without_the_right_key_is_answered_401(string? given)
    {
        await using var host = await ProbeHost.StartAsync("Development", apiKey: "let-me-in-at-once");

        (await AskAsync(host, given)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Request_with_the_right_key_is_accepted_from_anywhere()
    {
        await using var host = await ProbeHost.StartAsync(apiKey: "let-me-in-at-once", remote: IPAddress.Parse("203.0.113.9"));

        (await AskAsync(host, "let-me-in-at-once")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Development_without_a_key_accepts_loopback()
    {
        await using var host = await ProbeHost.StartAsync("Development");

        (await AskAsync(host, null)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Development_without_a_key_is_404_for_other_addresses()
    {
        await using var host = await ProbeHost.StartAsync("Development", remote: IPAddress.Parse("203.0.113.9"));

        (await AskAsync(host, null)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("localhost:3000", null, 200)]
    [InlineData("LOCALHOST", "same-origin", 200)]
    [InlineData("127.0.0.1:3000", "none", 200)]
    [InlineData("[::1]:3000", "same-site", 200)]
    [InlineData("127.0.0.1:3000", "cross-site", 404)]
    [InlineData("attacker.example:3000", null, 404)]
    [InlineData("attacker.example:3000", "same-origin", 404)]
    [InlineData("localhost.attacker.example", "none", 404)]
    [InlineData("127.0.0.2", null, 404)]
    public async Task Development_without_a_key_is_404_for_pages_of_other_sites(
        string name, string? site, int expected)
    {
        await using var host = await ProbeHost.StartAsync("Development");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/probe/operator");
        request.Headers.Host = name;
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);

        using var response = await host.Client.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("guess")]
    public async Task Production_without_a_key_is_404(string? given)
    {
        await using var host = await ProbeHost.StartAsync("Production");

        (await AskAsync(host, given)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("operator", 200, 200, 200)]
    [InlineData("operate", 403, 200, 200)]
    [InlineData("without-role", 403, 403, 200)]
    public async Task Role_of_the_key_decides_and_the_403_names_the_role_that_is_needed(
        string route, int read, int operate, int admin)
    {
        await using var host = await ProbeHost.StartAsync(keys:
        [
            ("Keys:ann:Role", "read"), ("Keys:ann:Key", "the first key of ann"),
            ("Keys:bob:Role", "Operate"), ("Keys:bob:Key", "the second key of bob"),
            ("Keys:cyd:Role", "admin"), ("Keys:cyd:Key", "the third key of cyd"),
        ]);

        ((int)await AskAsync(host, "the first key of ann", route)).ShouldBe(read);
        ((int)await AskAsync(host, "the second key of bob", route)).ShouldBe(operate);
        ((int)await AskAsync(host, "the third key of cyd", route)).ShouldBe(admin);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/probe/operate");
        request.Headers.Add("X-Api-Key", "the first key of ann");
        using var answer = await host.Client.SendAsync(request);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("This needs the role operate; the key ann has the role read");
    }

    [Fact]
    public async Task Answers_for_operators_are_not_stored_and_not_sniffed()
    {
        await using var host = await ProbeHost.StartAsync(apiKey: "let-me-in-at-once");
        foreach (var key in new[] { "let-me-in-at-once", "let-me-in-at-twice" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/probe/operator");
            request.Headers.Add("X-Api-Key", key);
            request.Headers.Add("X-Forwarded-Proto", "https");

            using var answer = await host.Client.SendAsync(request);

            answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=31536000"]);
        }
    }

    [Fact]
    public async Task Sixth_wrong_key_of_an_address_waits_and_the_right_key_of_another_address_does_not()
    {
        await using var host = await ProbeHost.StartAsync(apiKey: "let-me-in-at-once", remote: IPAddress.Parse("203.0.113.9"));
        for (var i = 0; i < 5; i++) (await AskAsync(host, $"guess {i}")).ShouldBe(HttpStatusCode.Unauthorized);

        var sixth = AskAsync(host, "guess 5");
        await host.Time.TimerRunsAsync(TimeSpan.FromMilliseconds(100));
        var guard = host.Services.GetRequiredService<KeyGuard>();
        guard.WaitAsync(IPAddress.Parse("203.0.113.10"), CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
        sixth.IsCompleted.ShouldBeFalse();

        host.Time.Advance(TimeSpan.FromMilliseconds(100));
        (await sixth).ShouldBe(HttpStatusCode.Unauthorized);
        guard.WrongKeys.ShouldBe(6);
    }

    private static async Task<HttpStatusCode> AskAsync(ProbeHost host, string? key, string route = "operator")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/probe/{route}");
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
