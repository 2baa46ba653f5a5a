using System.Net.Http.Json;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using static Gateway.EventsGateway.Tests.Features.Console.EndToEnd.ConsoleVisitor;

namespace Gateway.EventsGateway.Tests.Features.Console.EndToEnd;

public sealed class LoginAuditTests
{
    [Fact]
    public async Task Logins_logouts_and_actions_are_recorded_with_the_operators_name()
    {
        await using var host = StartGuarded();
        using var console = host.NewConsole();
        await console.LogInAsync("wrong");
        await console.LogInAsync();
        await console.ReplayAsync(new { filter = new { } });
        await console.Http.DeleteAsync(SessionPath);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{GatewayClient.BasePath}/audit");
        request.Headers.Add("X-Api-Key", Key);
        using var answer = await host.Client.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var items = JsonDocument.Parse(text).RootElement.GetProperty("items").EnumerateArray().Reverse().ToList();

        items.Select(item => (item.Text("action"), item.Text("who")))
            .ShouldBe([("login-rejected", "unknown"), ("login", "operator"), ("replay", "operator"), ("logout", "operator")]);
        items.ShouldAllBe(item => item.Text("from") == "127.0.0.1" && item.Text("result") != null);
        text.ShouldNotContain(Key);
        text.ShouldNotContain("\"wrong\"");
    }

    [Fact]
    public async Task Rejected_logins_of_an_address_are_one_audit_record()
    {
        await using var host = StartGuarded();
        for (var i = 0; i < 6; i++) await host.Client.LogInAsync($"wrong {i}");
        host.Client.Http.DefaultRequestHeaders.Add("X-Api-Key", Key);

        var items = (await host.Client.Http.GetFromJsonAsync<JsonElement>($"{GatewayClient.BasePath}/audit"))
            .GetProperty("items");

        items.EnumerateArray().ShouldHaveSingleItem().Text("from").ShouldBe("127.0.0.1");
    }
}
