using System.Net;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ShowStatus.EndToEnd;

public sealed class StatusTests
{
    private const string Status = GatewayClient.BasePath + "/status";

    [Fact]
    public async Task Gateway_that_works_is_healthy()
    {
        await using var host = GatewayHost.Start();
        await host.Client.AcceptedAsync(new Webhooks().Next());
        await host.Client.SettledAsync();

        var status = await Until.TrueAsync(() => host.Client.GetAsync(Status), status => status.Text("state") == "healthy");

        status.GetProperty("findings").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Finding_has_every_member_and_keeps_its_start_while_it_stays()
    {
        await using var host = GatewayHost.Start();
        await RejectAsync(host, 3);

        var first = await FoundAsync(host, "source-fails", "3 requests");
        await RejectAsync(host, 2);
        var second = await FoundAsync(host, "source-fails", "5 requests");

        first.EnumerateObject().Select(member => member.Name)
            .ShouldBe(["id", "severity", "since", "source", "about", "text", "advice", "link"]);
        (first.Text("severity"), first.Text("source"), first.Text("link"))
            .ShouldBe(("warning", "gateway", "/console#/sources/gateway"));
        first.Text("text")!.ShouldContain("signature does not match");
        first.Text("advice")!.ShouldContain("Compare the secret");
        second.Text("since").ShouldBe(first.Text("since"));

        await host.Client.AcceptedAsync(new Webhooks().Next());
        await Until.TrueAsync(() => host.Client.GetAsync(Status), status => !Ids(status).Contains("source-fails"));
    }

    [Fact]
    public async Task Outage_of_the_routing_service_is_critical()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (_, _) => Microsoft.AspNetCore.Http.Results.StatusCode(503);
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        await Task.WhenAll(new Webhooks().Take(20).Select(host.Client.AcceptedAsync));

        var status = await Until.TrueAsync(() => host.Client.GetAsync(Status), status => Ids(status).Contains("circuit-open"));

        status.Text("state").ShouldBe("critical");
        status.GetProperty("findings")[0].Text("text")!.ShouldContain($"{routing.Url}: routing service answered 503");
    }

    [Fact]
    public async Task Status_needs_a_key_with_any_role()
    {
        const string key = "a-key-for-reading-alone";
        await using var host = GatewayHost.Start(("Operator:Keys:ann:Key", key), ("Operator:Keys:ann:Role", "read"));
        using (var without = await host.Client.Http.GetAsync(Status)) without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var request = new HttpRequestMessage(HttpMethod.Get, Status);
        request.Headers.Add("X-Api-Key", key);

        using var answer = await host.Client.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task RejectAsync(GatewayHost host, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var request = host.Client.SignedRequest(new Webhooks().Next().ToBytes());
            request.Headers.Remove(Signature.Header);
            request.Headers.Add(Signature.Header, new string('0', 64));
            using var answer = await host.Client.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    private static IEnumerable<string?> Ids(JsonElement status)
        => status.GetProperty("findings").EnumerateArray().Select(finding => finding.Text("id"));

    private static async Task<JsonElement> FoundAsync(GatewayHost host, string id, string text)
        => (await Until.TrueAsync(
            async () => (await host.Client.GetAsync(Status)).GetProperty("findings").EnumerateArray()
                .Where(finding => finding.Text("id") == id && finding.Text("text")!.Contains(text)).Take(1).ToList(),
            found => found.Count == 1))[0];
}
