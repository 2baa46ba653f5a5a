using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using StackExchange.Redis;

namespace Gateway.Host.Tests.Servers;

/// <summary>Fault drills need servers that can be killed, paused and started again, and that leave no process.</summary>
public sealed class RedisServerTests
{
    [Fact]
    public async Task Shared_server_answers_and_is_started_once()
    {
        var server = await RedisServer.SharedAsync();
        await using (server) await using (var client = await ConnectAsync(server))
            await client.GetDatabase().PingAsync();

        (await RedisServer.SharedAsync()).ShouldBeSameAs(server);
        await using var again = await ConnectAsync(server);
    }

    [Fact]
    public async Task Shared_server_cannot_be_killed()
    {
        var server = await RedisServer.SharedAsync();

        await Should.ThrowAsync<InvalidOperationException>(server.KillAsync);
    }

    [Fact]
    public async Task Killed_server_starts_again_with_its_data_on_the_same_port()
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
    public async Task Stopped_server_can_start_again_without_its_data()
    {
        await using var server = await RedisServer.StartAsync();
        await SetAsync(server, "lost");

        await server.StopAsync();
        await server.StartAgainEmptyAsync();

        (await GetAsync(server)).ShouldBeNull();
    }

    [Fact]
    public async Task Paused_server_does_not_answer_until_it_is_resumed()
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
    public async Task Disposed_server_leaves_no_process_and_does_not_end_another()
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
    public async Task Failed_start_reports_the_output_of_the_server()
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
