using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Integration;

/// <summary>One host for a class whose tests do not care what else is stored; its stub routes at once.</summary>
public sealed class SharedGateway : IAsyncDisposable
{
    public GatewayHost Host { get; } = GatewayHost.Start();

    public GatewayClient Client => Host.Client;

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
