using System.Net;
using Gateway.Shared.Tests.Errors;

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

    private static async Task<HttpStatusCode> AskAsync(ProbeHost host, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/probe/operator");
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
