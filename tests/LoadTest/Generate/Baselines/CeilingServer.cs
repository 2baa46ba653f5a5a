using Gateway.LoadTest.Generate.Http;

namespace Gateway.LoadTest.Generate.Baselines;

/// <summary>
/// The upper limit of machine, Kestrel and client: reads the body, stores nothing and responds like the gateway.
/// </summary>
internal static class CeilingServer
{
    public static async Task<int> RunAsync()
    {
        var app = BaselineServer.Build();
        app.MapPost(Target.IngestPath, async http =>
        {
            await BaselineServer.ReadBodyAsync(http);
            await BaselineServer.AcceptAsync(http);
        });
        await BaselineServer.RunAsync(app);
        return 0;
    }
}
