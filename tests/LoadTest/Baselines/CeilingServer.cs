using Gateway.LoadTest.Http;

namespace Gateway.LoadTest.Baselines;

/// <summary>
/// What the machine, Kestrel and this client can do at most: reads the body, keeps nothing, answers as the gateway does.
/// </summary>
internal static class CeilingServer
{
    public static async Task<int> RunAsync()
    {
        var app = BaselineServer.Build();
        app.MapPost(Target.DoorPath, async http =>
        {
            await BaselineServer.ReadBodyAsync(http);
            await BaselineServer.AcceptAsync(http);
        });
        await BaselineServer.RunAsync(app);
        return 0;
    }
}
