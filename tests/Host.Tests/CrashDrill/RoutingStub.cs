using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>
/// The routing service in its own process: it keeps running when the gateway is killed, and counts its answers.
/// </summary>
internal sealed class RoutingStub(GatewayProcess process, TempFolder folder) : IAsyncDisposable
{
    public string Url => new Uri(process.Address, "/v1/routing-service").ToString();

    public static async Task<RoutingStub> StartAsync(int delayMs)
    {
        var folder = new TempFolder();
        try
        {
            return new RoutingStub(
                await GatewayProcess.StartAsync(
                    folder.Path,
                    ("Gateway__RoutingService__Enabled", "true"),
                    ("Gateway__RoutingService__RememberKeys", "true"),
                    ("Gateway__RoutingService__DelayMs", $"{delayMs}")),
                folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async Task<long> RequestsAsync()
        => (await process.Client.GetAsync("/v1/routing-service/stats")).GetProperty("requests").GetInt64();

    /// <summary>Every key that was answered with a route, with the route and the number of answers.</summary>
    public async Task<IReadOnlyDictionary<string, (string RouteId, int Answers)>> KeysAsync()
        => (await process.Client.GetAsync("/v1/routing-service/stats/keys")).EnumerateObject().ToDictionary(
            key => key.Name, key => (key.Value.GetProperty("routeId").GetString()!, key.Value.GetProperty("answers").GetInt32()));

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Dispose();
    }
}
