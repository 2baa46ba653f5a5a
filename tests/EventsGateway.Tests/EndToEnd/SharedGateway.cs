using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.EndToEnd;

/// <summary>One host for all tests of a class, for tests that are independent of other events; its stub routes at once.</summary>
public sealed class SharedGateway : IAsyncDisposable
{
    private readonly Lazy<GatewayHost> _host = new(() => GatewayHost.Start());

    public GatewayHost Host => _host.Value;

    public GatewayClient Client => Host.Client;

    public ValueTask DisposeAsync() => _host.IsValueCreated ? _host.Value.DisposeAsync() : ValueTask.CompletedTask;
}
