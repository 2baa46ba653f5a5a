using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.Console.EndToEnd;

/// <summary>The requests of the console page: with its cookie and its header.</summary>
internal static class ConsoleVisitor
{
    public const string Key = "an operator's key";
    public const string SessionPath = "/console/session";
    public const string LivePath = "/console/live";

    /// <summary>A gateway that needs a login.</summary>
    public static GatewayHost StartGuarded(params IEnumerable<(string, string)> settings)
        => GatewayHost.Start([("Operator:ApiKey", Key), (GatewayHost.EnvironmentName, "Production"), .. settings]);

    public static GatewayClient NewConsole(this GatewayHost host)
    {
        var console = host.NewClient();
        console.Http.DefaultRequestHeaders.Add("X-Gateway-Console", "1");
        return console;
    }

    public static Task<HttpResponseMessage> LogInAsync(this GatewayClient client, string key = Key)
        => client.Http.PostAsJsonAsync(SessionPath, new { key });

    public static async Task<(string? Name, bool LoginNeeded, bool CanLogOut)> SessionAsync(this GatewayClient client)
    {
        var session = await client.Http.GetFromJsonAsync<JsonElement>(SessionPath);
        return (session.Text("name"), session.GetProperty("loginNeeded").GetBoolean(), session.GetProperty(
            "canLogOut").GetBoolean());
    }

    /// <summary>The whole stream until its end.</summary>
    public static async IAsyncEnumerable<(string Type, JsonElement Data)> LiveAsync(
        this GatewayClient client, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var answer = await client.Http.GetAsync(LivePath, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
            yield return (item.EventType, JsonDocument.Parse(item.Data).RootElement);
    }

    /// <summary>The first live second for which the condition is true.</summary>
    public static async Task<JsonElement> SeenAsync(this GatewayClient client, Func<JsonElement, bool> isTrue)
    {
        using var timeout = new CancellationTokenSource(Until.Timeout);
        await foreach (var (type, data) in client.LiveAsync().WithCancellation(timeout.Token))
            if (type == "live" && isTrue(data)) return data;
        throw new ShouldAssertException("The stream ended before that was seen.");
    }
}
