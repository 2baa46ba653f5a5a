using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;

/// <summary>A request that could not be mapped is kept; with a better mapping a replay makes its events.</summary>
public sealed class ContainerReplayTests : IDisposable
{
    private const string Body = """
        { "items": [ { "key": "7", "shipment": "s", "state": "done" }, { "key": "8", "shipment": "s", "state": "x" } ] }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replay_with_a_better_mapping_adds_the_events_of_the_request()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        var key = await KeptAsync(host);
        await MendAsync(host);

        await host.Client.ReplayAsync(new { keys = new[] { key } });

        var container = await host.Client.StatusAsync(key, "processed");
        container.Text("outcome").ShouldBe("mapped");
        var attempt = container.GetProperty("attempts").EnumerateArray().Last();
        (attempt.Text("result"), attempt.Text("error")).ShouldBe(("mapped", "mapped to courier.7, courier.8"));
        var e = await host.Client.StatusAsync("courier.7", "processed");
        (e.Text("type"), e.Text("receivedAt")).ShouldBe(("SHIPMENT_DELIVERED", container.Text("receivedAt")));
        await host.Client.StatusAsync("courier.8", "processed");
    }

    [Fact]
    public async Task Replay_that_still_cannot_map_fails_again_and_can_be_repeated()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        var key = await KeptAsync(host);

        await host.Client.ReplayAsync(new { keys = new[] { key } });

        var container = await Until.TrueAsync(
            () => host.Client.EventAsync(key),
            e => e.Text("status") == "failed" && e.GetProperty("generation").GetInt32() == 2);
        container.Text("outcome").ShouldBe("unmapped");
        container.GetProperty("replayable").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Repeat_of_the_request_does_not_replay_it()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        var key = await KeptAsync(host);

        using var repeat = await host.PostAsync("/v1/sources/courier", Body);

        repeat.StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.Client.AcceptedAsync(new Webhooks().Next());
        var container = await host.Client.EventAsync(key);
        (container.Text("status"), container.GetProperty("generation").GetInt32()).ShouldBe(("failed", 1));
    }

    [Fact]
    public async Task Event_that_exists_already_stays_as_it_is()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        var key = await KeptAsync(host);
        using var single = await host.PostAsync(
            "/v1/sources/courier", """{ "items": [ { "id": "7", "shipment": "other", "state": "x" } ] }""");
        single.StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.Client.StatusAsync("courier.7", "processed");
        await MendAsync(host);

        await host.Client.ReplayAsync(new { keys = new[] { key } });

        await host.Client.StatusAsync(key, "processed");
        var e = await host.Client.EventAsync("courier.7");
        (e.Text("shipmentId"), e.GetProperty("generation").GetInt32()).ShouldBe(("other", 1));
        await host.Client.StatusAsync("courier.8", "processed");
    }

    [Fact]
    public async Task Replay_with_a_mapping_that_skips_the_whole_request_ends_with_no_event()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        var key = await KeptAsync(host, """{ "items": [ { "shipment": "s", "state": "hint" } ] }""");
        await MendAsync(host, ("\"noise\"", "\"noise\", \"hint\""));

        await host.Client.ReplayAsync(new { keys = new[] { key } });

        var container = await host.Client.StatusAsync(key, "processed");
        container.GetProperty("attempts").EnumerateArray().Last().Text("error").ShouldBe("mapped to no event");
        (await host.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Requests_with_one_body_whose_ids_stand_beside_it_are_kept_and_replayed_each()
    {
        const string secret = "a-secret-of-the-sender", body = """{ "key": "7", "state": "x" }""";
        const string settings = $$"""
            { "courier": {
                "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "{{secret}}" }],
                "Verify": { "Signature": "{header.X-Signature}", "Content": "{header.X-Message}.{body}" },
                "Map": { "Id": "{header.X-Message}", "Shipment": "$.id", "Type": "$.state" } } }
            """;
        await using var host = SourceSender.Start(_folder, settings);
        foreach (var message in (string[])["1", "2", "2"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sources/courier");
            request.Content = new StringContent(body);
            var proof = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{message}.{body}"));
            request.Headers.Add("X-Signature", Convert.ToHexStringLower(proof));
            request.Headers.Add("X-Message", message);
            (await host.Client.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await Until.TrueAsync(() => host.Client.CountsAsync(), counts => counts.GetProperty("failed").GetInt64() == 2);
        await MendAsync(host, settings);
        await host.Client.ReplayAsync(new { filter = new { outcome = "unmapped" } });

        await host.Client.StatusAsync("courier.1", "processed");
        await host.Client.StatusAsync("courier.2", "processed");
    }

    [Fact]
    public async Task Request_is_mapped_again_while_its_source_is_paused_and_its_events_wait()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        var key = await KeptAsync(host);
        await MendAsync(host);
        var pauses = $"{GatewayClient.BasePath}/pauses";
        (await host.Client.Http.PostAsJsonAsync(pauses, new { source = "courier" })).StatusCode.ShouldBe(HttpStatusCode.OK);

        await host.Client.ReplayAsync(new { keys = new[] { key } });

        await host.Client.StatusAsync(key, "processed");
        await host.Client.StatusAsync(await host.Client.AcceptedAsync(new Webhooks().Next()), "processed");
        (await host.Client.EventAsync("courier.7")).Text("status").ShouldBe("pending");
        using var resumed = await host.Client.Http.DeleteAsync($"{pauses}?source=courier");
        await host.Client.StatusAsync("courier.7", "processed");
    }

    private static async Task<string> KeptAsync(GatewayHost host, string body = Body)
    {
        using var answer = await host.PostAsync("/v1/sources/courier", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var container = await Until.TrueAsync(ListedAsync, found => found.Count == 1);
        return container[0].Text("key")!;

        async Task<List<JsonElement>> ListedAsync()
        {
            var list = await host.Client.GetAsync("/v1/events-gateway/events?outcome=unmapped");
            return [.. list.GetProperty("items").EnumerateArray()];
        }
    }

    /// <summary>The sender calls its id "key". The second source shows when the process has read the file again.</summary>
    private Task MendAsync(GatewayHost host, params (string Before, string After)[] more)
        => MendAsync(host, SourceSender.Settings, more);

    private async Task MendAsync(GatewayHost host, string settings, params (string Before, string After)[] more)
    {
        const string second = """
            { "second": { "Preset": "token", "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "another-token-of-16" }],
                          "Verify": { "Signature": "{header.X-Token}" },
                          "Map": { "Shipment": "$.shipment", "Type": "$.state" } },
            """;
        var repaired = settings.Trim()[1..].Replace("\"$.id\"", "\"{$.id ?? $.key}\"");
        foreach (var (before, after) in more) repaired = repaired.Replace(before, after);
        SourceSender.Write(_folder, second + repaired);
        await Until.TrueAsync(
            () => host.Client.GetAsync("/v1/events-gateway/sources"),
            list => list.GetProperty("items").EnumerateArray().Any(source => source.Text("name") == "second"));
    }
}
