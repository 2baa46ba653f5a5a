using System.Text;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;

/// <summary>A sender with a token and a simple body, and the settings of its source.</summary>
internal static class SourceSender
{
    public const string Token = "a-token-of-the-sender";

    public const string Settings = """
        { "courier": {
            "Preset": "token", "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "a-token-of-the-sender" }],
            "Verify": { "Signature": "{header.X-Token}" },
            "Each": "$.items[*]",
            "Map": { "Id": "$.id", "Shipment": "$.shipment", "Type": "$.state",
                     "Types": { "SHIPMENT_DELIVERED": ["done"], "skip": ["noise"] } } } }
        """;

    /// <summary>A host whose sources stand in a file of the folder.</summary>
    public static GatewayHost Start(TempFolder folder, string settings, params IEnumerable<(string Key, string Value)> more)
        => Start(folder, settings, null, more);

    public static GatewayHost Start(
        TempFolder folder, string settings, Action<IServiceCollection>? services,
        params IEnumerable<(string Key, string Value)> more)
    {
        Write(folder, settings);
        return GatewayHost.Start(services, [("SourcesFile", PathIn(folder)), .. more]);
    }

    public static void Write(TempFolder folder, string settings) => File.WriteAllText(PathIn(folder), settings);

    public static Task<HttpResponseMessage> PostAsync(
        this GatewayHost host, string target, string body, string? token = Token, string header = "X-Token")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        if (token is not null) request.Headers.TryAddWithoutValidation(header, token);
        return host.Client.Http.SendAsync(request);
    }

    public static string PathIn(TempFolder folder) => Path.Combine(folder.Path, "sources.json");
}
