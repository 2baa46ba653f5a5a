using System.Net.Http.Json;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Integration.Console;

/// <summary>What the page does, without a page: it keeps its cookie and says that it is the console.</summary>
internal static class ConsoleVisitor
{
    public const string Key = "an operator's key";
    public const string Session = "/console/session";

    /// <summary>A gateway that an operator has to log in to.</summary>
    public static GatewayHost StartGuarded(params IEnumerable<(string, string)> settings)
        => GatewayHost.Start([("Operator:ApiKey", Key), (GatewayHost.EnvironmentName, "Production"), .. settings]);

    public static GatewayClient NewConsole(this GatewayHost host)
    {
        var console = host.NewClient();
        console.Http.DefaultRequestHeaders.Add("X-Gateway-Console", "1");
        return console;
    }

    public static Task<HttpResponseMessage> LogInAsync(this GatewayClient client, string key = Key, string name = "ann")
        => client.Http.PostAsJsonAsync(Session, new { name, key });

    public static async Task<(string? Name, bool LoginNeeded)> SessionAsync(this GatewayClient client)
    {
        var session = await client.Http.GetFromJsonAsync<JsonElement>(Session);
        return (session.Text("name"), session.GetProperty("loginNeeded").GetBoolean());
    }
}
