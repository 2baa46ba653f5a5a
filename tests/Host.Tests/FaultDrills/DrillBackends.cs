using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>
/// Servers that only the drills use, one drill at a time. The first drill starts them, because a fixture cannot skip tests.
/// </summary>
public sealed class DrillBackends : IAsyncDisposable
{
    private Task<Backends>? _backends;

    /// <summary>Starts or resumes servers that an earlier drill has stopped or paused.</summary>
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

/// <summary>No other test runs beside a drill, because it measures waiting times.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultDrillCollection : ICollectionFixture<DrillBackends>
{
    public const string Name = "fault drills";
}
