using Gateway.EventsGateway.Monitoring;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

/// <summary>429 answers unverified requests of an address, and verified ones of a source, above their limits.</summary>
public sealed class SenderLimitTests
{
    private static readonly (string, string)[] OnePerMinute =
        [("Webhook:MaxUnverifiedPerMinute", "1"), ("Http:TrustedProxies:0", "127.0.0.1")];

    [Fact]
    public async Task Unverified_requests_of_an_address_are_answered_429_above_the_limit()
    {
        await using var host = GatewayHost.Start(OnePerMinute);
        (await AskAsync(host, "203.0.113.5")).Status.ShouldBe(401);

        var answer = await AskAsync(host, "203.0.113.5");

        answer.Status.ShouldBe(429);
        answer.Text.ShouldMatch(@"Retry-After: [1-9]\d?\r\n");
        answer.Text.ShouldContain("\"message\":\"Too many requests\"");
        host.Services.GetRequiredService<RejectedRequestLog>().Latest(1).Single().Reason
            .ShouldBe(RejectionReason.TooManyRequests);
    }

    [Fact]
    public async Task Another_address_has_a_limit_of_its_own_and_a_network_of_IPv6_has_one()
    {
        await using var host = GatewayHost.Start(OnePerMinute);

        (await AskAsync(host, "203.0.113.5")).Status.ShouldBe(401);
        (await AskAsync(host, "203.0.113.6")).Status.ShouldBe(401);
        (await AskAsync(host, "2001:db8::1")).Status.ShouldBe(401);
        (await AskAsync(host, "2001:db8::2")).Status.ShouldBe(429);
        (await AskAsync(host, "2001:db8:0:1::2")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Verified_requests_from_a_limited_address_are_accepted()
    {
        await using var host = GatewayHost.Start(("Webhook:MaxUnverifiedPerMinute", "1"));
        for (var i = 0; i < 3; i++) await AskAsync(host, "203.0.113.5");

        await host.Client.AcceptedAsync(new Webhooks().Next());
    }

    [Fact]
    public async Task Verified_requests_of_a_source_are_answered_429_above_the_limit_and_then_accepted()
    {
        await using var host = GatewayHost.Start(("Webhook:MaxPerSecond", "1"));
        var webhooks = new Webhooks();

        // Ten at once, so that two are within one second on a slow machine too.
        var limited = await Until.TrueAsync(
            () => Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.Client.PostSignedAsync(webhooks.Next()))),
            answers => answers.Any(answer => (int)answer.StatusCode == 429));

        limited.First(answer => (int)answer.StatusCode == 429).Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(
            () => host.Client.PostSignedAsync(webhooks.Next()), answer => (int)answer.StatusCode == 202);
    }

    private static Task<RawAnswer> AskAsync(GatewayHost host, string from)
        => RawConnection.AskAsync(
            host.Address, RawConnection.Head(2, $"X-Forwarded-For: {from}", "x-signature: 00"), "{}"u8.ToArray());
}
