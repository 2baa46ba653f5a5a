using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ListEvents.EndToEnd;

public sealed class ExportTests
{
    private const string Export = GatewayClient.BasePath + "/events/export";
    private const string Key = "the first key of ann";

    [Fact]
    public async Task Export_has_every_matching_event_once_newest_first_and_is_audited_with_the_name_of_the_key()
    {
        await using var host = GatewayHost.Start(
            ("Operator:Keys:ann:Role", "read"), ("Operator:Keys:ann:Key", Key));
        host.Client.Http.DefaultRequestHeaders.Add("X-Api-Key", Key);
        var webhooks = new Webhooks().Take(450).Select((webhook, i) => webhook with { MerchantId = i < 430 ? "m-1" : "m-2" });
        await Task.WhenAll(webhooks.Select(host.Client.AcceptedAsync));
        await host.Client.SettledAsync();

        (await host.Client.RejectedAsync(new(HttpMethod.Get, $"{Export}?merchantId=m-1&limit=5"))).Status.ShouldBe(400);
        using var answer = await host.Client.Http.GetAsync($"{Export}?merchantId=m-1");
        var lines = await LinesAsync(answer);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("events.ndjson");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        lines.Count.ShouldBe(430);
        lines.ShouldAllBe(e => e.Text("merchantId") == "m-1");
        lines.Select(e => e.Text("key")).Distinct().Count().ShouldBe(430);
        lines.Select(e => e.Text("receivedAt")!).ShouldBe(
            lines.Select(e => e.Text("receivedAt")!).OrderDescending(StringComparer.Ordinal));
        lines[0].TryGetProperty("body", out _).ShouldBeFalse();
        var record = (await host.Client.GetAsync($"{GatewayClient.BasePath}/audit")).GetProperty("items").EnumerateArray()
            .ShouldHaveSingleItem();
        (record.Text("who"), record.Text("action"), record.Text("result")).ShouldBe(("ann", "export", "430 exported"));
        record.Text("what").ShouldStartWith("filter {\"merchantId\":\"sha256:");
    }

    [Fact]
    public async Task Export_with_details_has_bodies_and_attempts()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        var webhook = new Webhooks().Next();
        var key = await host.Client.AcceptedAsync(webhook);
        await host.Client.StatusAsync(key, "processed");

        using var answer = await host.Client.Http.GetAsync($"{Export}?details=true");

        var line = (await LinesAsync(answer)).ShouldHaveSingleItem();
        line.Text("body").ShouldBe(System.Text.Encoding.UTF8.GetString(webhook.ToBytes()));
        line.GetProperty("attempts")[0].Text("result").ShouldBe("routed");
        line.GetRawText().ShouldBe((await host.Client.EventAsync(key)).GetRawText());
    }

    [Fact]
    public async Task Export_without_matches_is_empty()
    {
        await using var host = GatewayHost.Start();

        (await host.Client.Http.GetStringAsync($"{Export}?status=failed")).ShouldBeEmpty();
    }

    private static async Task<List<JsonElement>> LinesAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldEndWith("\n");
        return [.. text[..^1].Split('\n').Select(line => JsonElement.Parse(line))];
    }
}
