using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Servers that only the drills use, one drill after the other. The first drill starts them, so that it can be skipped.</summary>
public sealed class DrillBackends : IAsyncDisposable
{
    private Task<Backends>? _backends;

    /// <summary>All of them running, also after a drill that has stopped or paused one.</summary>
    public async Task<Backends> RunningAsync()
    {
        var backends = await (_backends ??= Backends.StartAsync());
        foreach (var server in All(backends))
        {
            server.Resume();
            if (server.ProcessIds.Count == 0) await server.StartAgainAsync();
        }

        return backends;
    }

    public async ValueTask DisposeAsync()
    {
        if (_backends is not { IsCompletedSuccessfully: true }) return;
        foreach (var server in All(await _backends)) await server.DisposeAsync();
    }

    private static TestServer[] All(Backends backends) => [backends.RabbitMq, backends.Redis, backends.Mongo];
}

/// <summary>No other test runs beside a drill: a drill measures waiting times.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultDrillCollection : ICollectionFixture<DrillBackends>
{
    public const string Name = "fault drills";
}
