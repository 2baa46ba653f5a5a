using System.Net.Http.Json;
using System.Text.Json;
using Gateway.EventsGateway.Monitoring;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.EndToEnd;

/// <summary>The address in rejections, audit and limits is the one that a trusted proxy names, and no other.</summary>
public sealed class TrustedProxiesTests
{
    private const string Key = "an operator's key";

    private static readonly (string, string)[] Trusted =
    [
        ("Http:TrustedProxies:0", "127.0.0.1"), ("Http:TrustedProxies:1", "10.0.0.0/8"), ("Http:TrustedProxies:2", "fd00::/8"),
        ("Operator:ApiKey", Key),
    ];

    [Theory]
    [InlineData("203.0.113.5", "203.0.113.5")]
    [InlineData("203.0.113.5:40123", "203.0.113.5")]
    [InlineData("2001:db8::7, fd00::1", "2001:db8::7")]
    [InlineData("198.51.100.9, 203.0.113.5, 10.1.2.3, 10.1.2.4", "203.0.113.5")]
    [InlineData("10.1.2.3, nonsense", "127.0.0.1")]
    public async Task Address_is_the_last_one_that_is_no_trusted_proxy(string forwarded, string address)
    {
        await using var host = GatewayHost.Start(Trusted);

        (await RejectedAsync(host, $"X-Forwarded-For: {forwarded}")).RemoteAddress.ShouldBe(address);
    }

    [Theory]
    [InlineData("Http:MaxConnections", "100")]
    [InlineData("Http:TrustedProxies:0", "10.0.0.0/8")]
    public async Task Header_of_a_client_that_is_no_trusted_proxy_does_not_count(string key, string value)
    {
        await using var host = GatewayHost.Start((key, value));

        (await RejectedAsync(host, "X-Forwarded-For: 203.0.113.5")).RemoteAddress.ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task Audit_has_the_address_behind_the_proxy()
    {
        await using var host = GatewayHost.Start(Trusted);
        host.Client.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.5");
        host.Client.Http.DefaultRequestHeaders.Add("X-Api-Key", Key);

        await host.Client.ReplayAsync(new { filter = new { } });

        var audit = await host.Client.GetAsync($"{GatewayClient.BasePath}/audit");
        audit.GetProperty("items")[0].GetProperty("from").GetString().ShouldBe("203.0.113.5");
    }

    [Fact]
    public async Task Refused_login_is_recorded_with_the_address_behind_the_proxy()
    {
        await using var host = GatewayHost.Start(Trusted);

        (await LogInAsync(host, "203.0.113.5")).ShouldBe(401);

        host.Client.Http.DefaultRequestHeaders.Add("X-Api-Key", Key);
        var audit = await host.Client.GetAsync($"{GatewayClient.BasePath}/audit");
        audit.GetProperty("items")[0].GetProperty("from").GetString().ShouldBe("203.0.113.5");
    }

    private static async Task<RejectedRequest> RejectedAsync(GatewayHost host, string header)
    {
        (await RawConnection.AskAsync(host.Address, RawConnection.Head(2, header), "{}"u8.ToArray())).Status.ShouldBe(401);
        return host.Services.GetRequiredService<RejectedRequestLog>().Latest(1).Single();
    }

    private static async Task<int> LogInAsync(GatewayHost host, string from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/console/session")
        {
            Content = JsonContent.Create(new { name = "ann", key = "a wrong key" }, options: JsonSerializerOptions.Web),
        };
        request.Headers.Add("X-Forwarded-For", from);
        using var answer = await host.Client.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
