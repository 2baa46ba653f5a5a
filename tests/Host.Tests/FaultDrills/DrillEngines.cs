using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Servers that only the drills use, one drill after the other. Started by the first one, so that it can be skipped.</summary>
public sealed class DrillEngines : IAsyncDisposable
{
    private Task<Engines>? _engines;

    /// <summary>All of them well, whatever an earlier drill has left.</summary>
    public async Task<Engines> WellAsync()
    {
        var engines = await (_engines ??= Engines.StartAsync());
        foreach (var server in All(engines))
        {
            server.Resume();
            if (server.ProcessIds.Count == 0) await server.StartAgainAsync();
        }

        return engines;
    }

    public async ValueTask DisposeAsync()
    {
        if (_engines is not { IsCompletedSuccessfully: true }) return;
        foreach (var server in All(await _engines)) await server.DisposeAsync();
    }

    private static TestServer[] All(Engines engines) => [engines.RabbitMq, engines.Redis, engines.Mongo];
}

/// <summary>Alone on the machine: what is measured in a drill is patience, and two drills share none.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultDrillCollection : ICollectionFixture<DrillEngines>
{
    public const string Name = "fault drills";
}
