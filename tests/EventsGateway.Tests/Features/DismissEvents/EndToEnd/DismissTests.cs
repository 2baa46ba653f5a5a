using System.Text;
using System.Text.Json;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.DismissEvents.EndToEnd;

public sealed class DismissTests
{
    private readonly Webhooks _webhooks = new();

    [Theory]
    [InlineData("{}", "keys")]
    [InlineData("""{"keys":["no key"]}""", "keys[0]")]
    [InlineData("""{"filter":{"status":"processed"}}""", "filter.status")]
    [InlineData("""{"filter":{"status":"pending","lastError":"x"}}""", "filter.status")]
    [InlineData("""{"filter":{"type":"nonsense"}}""", "filter.type")]
    [InlineData("""{"filter":{},"limit":10001}""", "limit")]
    [InlineData("""{"keys":["dhl.1"],"limit":1}""", "limit")]
    public async Task Invalid_dismissal_is_answered_400_with_the_field(string body, string field)
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(Dismissal(body));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe([field]);
    }

    [Fact]
    public async Task Dismissed_events_are_counted_found_audited_and_replayed_by_key()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        routing.Answer = (_, _) => Results.StatusCode(422);
        var keys = new List<string>();
        foreach (var webhook in _webhooks.Take(3)) keys.Add(await host.Client.AcceptedAsync(webhook));
        await host.Client.SettledAsync();

        (await DismissAsync(host, """{"filter":{},"limit":0}""")).ShouldBe((0, 3));
        (await DismissAsync(host, """{"filter":{},"limit":2}""")).ShouldBe((2, 1));
        (await DismissAsync(host, $$"""{"keys":["{{keys[2]}}"]}""")).ShouldBe((1, 0));

        var counts = await host.Client.CountsAsync();
        (counts.GetProperty("accepted").GetInt64(), counts.GetProperty("dismissed").GetInt64()).ShouldBe((3, 3));
        (await host.Client.GetAsync($"{GatewayClient.BasePath}/events?status=dismissed"))
            .GetProperty("items").GetArrayLength().ShouldBe(3);
        var audit = (await host.Client.GetAsync($"{GatewayClient.BasePath}/audit")).GetProperty("items");
        audit.EnumerateArray().Select(record => (record.Text("action"), record.Text("what"), record.Text("result"))).ShouldBe(
        [
            ("dismiss", "1 key", "1 dismissed, 0 in work, 0 remain"),
            ("dismiss", "filter {}", "2 dismissed, 0 in work, 1 remain"),
        ]);
        routing.Answer = (call, _) => FakeRoutingService.Routed(call);
        (await host.Client.EventAsync(keys[0])).ShouldSatisfyAllConditions(
            e => e.GetProperty("replayable").GetBoolean().ShouldBeTrue(), e => e.Text("dismissedAt").ShouldNotBeNull(),
            e => e.Text("outcome").ShouldBe("rejected-by-router"));
        await host.Client.ReplayAsync(new { keys = new[] { keys[0] } });
        (await host.Client.StatusAsync(keys[0], "processed")).Text("dismissedAt").ShouldBeNull();
    }

    private static async Task<(int Dismissed, int Remaining)> DismissAsync(GatewayHost host, string body)
    {
        using var request = Dismissal(body);
        using var response = await host.Client.Http.SendAsync(request);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return (answer.GetProperty("dismissed").GetInt32(), answer.GetProperty("remaining").GetInt32());
    }

    private static HttpRequestMessage Dismissal(string body)
        => new(HttpMethod.Post, $"{GatewayClient.BasePath}/events/dismiss")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
}
