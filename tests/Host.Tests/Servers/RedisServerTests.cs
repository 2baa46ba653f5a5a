using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using StackExchange.Redis;

namespace Gateway.Host.Tests.Servers;

/// <summary>What fault drills lean on: a server that can be killed, held and started again, and leaves nothing behind.</summary>
public sealed class RedisServerTests
{
    [Fact]
    public async Task The_shared_server_answers_and_is_one()
    {
        var server = await RedisServer.SharedAsync();
        await using (server) await using (var client = await ConnectAsync(server))
            await client.GetDatabase().PingAsync();

        (await RedisServer.SharedAsync()).ShouldBeSameAs(server);
        await using var again = await ConnectAsync(server);
    }

    [Fact]
    public async Task The_shared_server_cannot_be_broken()
    {
        var server = await RedisServer.SharedAsync();

        await Should.ThrowAsync<InvalidOperationException>(server.KillAsync);
    }

    [Fact]
    public async Task Killed_and_started_again_it_has_its_data_on_the_same_port()
    {
        await using var server = await RedisServer.StartAsync();
        await SetAsync(server, "kept");
        var endpoint = server.Endpoint;

        await server.KillAsync();
        await server.StartAgainAsync();

        server.Endpoint.ShouldBe(endpoint);
        (await GetAsync(server)).ShouldBe("kept");
    }

    [Fact]
    public async Task Stopped_and_started_again_empty_it_has_nothing()
    {
        await using var server = await RedisServer.StartAsync();
        await SetAsync(server, "lost");

        await server.StopAsync();
        await server.StartAgainEmptyAsync();

        (await GetAsync(server)).ShouldBeNull();
    }

    [Fact]
    public async Task Paused_it_does_not_answer_until_it_is_resumed()
    {
        await using var server = await RedisServer.StartAsync();
        await using var client = await ConnectAsync(server);

        server.Pause();
        var ping = client.GetDatabase().PingAsync();
        server.ProcessIds.ShouldAllBe(id => Processes.IsStopped(id));
        ping.IsCompleted.ShouldBeFalse();

        server.Resume();
        await ping.WaitAsync(Until.Timeout);
    }

    [Fact]
    public async Task Two_live_side_by_side_and_the_end_of_one_leaves_no_process_and_not_the_other()
    {
        await using var stays = await RedisServer.StartAsync();
        var goes = await RedisServer.StartAsync();
        var ids = goes.ProcessIds;
        ids.ShouldAllBe(id => Processes.IsRunning(id));
        goes.Port.ShouldNotBe(stays.Port);

        goes.Pause();
        await goes.DisposeAsync();

        ids.ShouldAllBe(id => !Processes.IsRunning(id));
        await SetAsync(stays, "still here");
    }

    [Fact]
    public async Task What_it_said_at_a_failed_start_is_told()
    {
        var start = RedisServer.StartAsync("--no-such-setting", "1");

        (await Should.ThrowAsync<InvalidOperationException>(start)).Message.ShouldContain("no-such-setting");
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(RedisServer server)
        => await ConnectionMultiplexer.ConnectAsync(server.Endpoint);

    private static async Task SetAsync(RedisServer server, string value)
    {
        await using var client = await ConnectAsync(server);
        await client.GetDatabase().StringSetAsync("drill", value);
    }

    private static async Task<string?> GetAsync(RedisServer server)
    {
        await using var client = await ConnectAsync(server);
        return await client.GetDatabase().StringGetAsync("drill");
    }
}
