using Gateway.LoadTest.Generate.Http;
using StackExchange.Redis;

namespace Gateway.LoadTest.Generate.Baselines;

/// <summary>
/// The simple way to store a webhook: each request sets its id in Redis, publishes its body as one persistent message and waits
/// for the publisher confirm.
/// </summary>
internal static class PublishServer
{
    public static async Task<int> RunAsync(string rabbitMq, string? redis)
    {
        await using var channels = await PublishChannels.OpenAsync(rabbitMq);
        await using var cache = redis is null ? null : await ConnectionMultiplexer.ConnectAsync(redis);
        var app = BaselineServer.Build();
        app.MapPost(Target.IngestPath, async http =>
        {
            var body = await BaselineServer.ReadBodyAsync(http);
            if (cache is not null)
            {
                var key = (RedisKey)$"load-compare:{Guid.NewGuid():N}";
                await cache.GetDatabase().StringSetAsync(key, "1", TimeSpan.FromMinutes(1), When.NotExists);
            }

            await channels.PublishAsync(body);
            await BaselineServer.AcceptAsync(http);
        });
        await BaselineServer.RunAsync(app);
        return 0;
    }
}
