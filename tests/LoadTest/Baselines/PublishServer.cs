using Gateway.LoadTest.Http;
using StackExchange.Redis;

namespace Gateway.LoadTest.Baselines;

/// <summary>
/// The plain way to keep a webhook: each request marks its id in Redis, publishes its body as one persistent message and waits
/// for
/// the broker's confirm.
/// </summary>
internal static class PublishServer
{
    public static async Task<int> RunAsync(string rabbitMq, string? redis)
    {
        await using var channels = await PublishChannels.OpenAsync(rabbitMq);
        await using var seen = redis is null ? null : await ConnectionMultiplexer.ConnectAsync(redis);
        var app = BaselineServer.Build();
        app.MapPost(Target.DoorPath, async http =>
        {
            var body = await BaselineServer.ReadBodyAsync(http);
            if (seen is not null)
            {
                var key = (RedisKey)$"load-compare:{Guid.NewGuid():N}";
                await seen.GetDatabase().StringSetAsync(key, "1", TimeSpan.FromMinutes(1), When.NotExists);
            }

            await channels.PublishAsync(body);
            await BaselineServer.AcceptAsync(http);
        });
        await BaselineServer.RunAsync(app);
        return 0;
    }
}
