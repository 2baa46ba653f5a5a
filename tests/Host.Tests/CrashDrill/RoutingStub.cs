using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>The routing service in a process of its own: it outlives the gateway and remembers what it answered.</summary>
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

    /// <summary>Every key that it answered with a route: which route, and how often.</summary>
    public async Task<IReadOnlyDictionary<string, (string RouteId, int Answers)>> KeysAsync()
        => (await process.Client.GetAsync("/v1/routing-service/stats/keys")).EnumerateObject().ToDictionary(
            key => key.Name, key => (key.Value.GetProperty("routeId").GetString()!, key.Value.GetProperty("answers").GetInt32()));

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Dispose();
    }
}
