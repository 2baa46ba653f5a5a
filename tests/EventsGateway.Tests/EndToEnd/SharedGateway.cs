using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.EndToEnd;

/// <summary>One host for a class whose tests do not care what else is stored; its stub routes at once.</summary>
public sealed class SharedGateway : IAsyncDisposable
{
    private readonly Lazy<GatewayHost> _host = new(() => GatewayHost.Start());

    public GatewayHost Host => _host.Value;

    public GatewayClient Client => Host.Client;

    public ValueTask DisposeAsync() => _host.IsValueCreated ? _host.Value.DisposeAsync() : ValueTask.CompletedTask;
}
