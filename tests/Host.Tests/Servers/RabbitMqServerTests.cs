using System.Text;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using RabbitMQ.Client;

namespace Gateway.Host.Tests.Servers;

public sealed class RabbitMqServerTests
{
    private const string Queue = "drill";

    [Fact]
    public async Task Shared_server_answers_and_is_started_once()
    {
        var server = await RabbitMqServer.SharedAsync();

        await using var connection = await ConnectAsync(server);
        (await RabbitMqServer.SharedAsync()).ShouldBeSameAs(server);
    }

    [Fact]
    public async Task Second_server_keeps_its_data_through_pause_and_kill_and_leaves_no_process()
    {
        var neighbour = RabbitMqServer.SharedAsync();
        var server = await RabbitMqServer.StartAsync();
        var ids = server.ProcessIds;
        await using (server)
        {
            var url = server.Url;
            await PublishAsync(server, "kept");

            server.Pause();
            var paused = PublishAsync(server, "held back");
            server.ProcessIds.ShouldAllBe(id => Processes.IsStopped(id));
            server.Resume();
            await paused.WaitAsync(Until.Timeout);

            await server.SaveQueueNamesAsync();
            await server.KillAsync();
            ids.ShouldAllBe(id => !Processes.IsRunning(id));
            await server.StartAgainAsync();

            server.Url.ShouldBe(url);
            (await TakeAsync(server)).ShouldBe("kept");
            (await TakeAsync(server)).ShouldBe("held back");
            ids = server.ProcessIds;
        }

        ids.ShouldNotBeEmpty();
        ids.ShouldAllBe(id => !Processes.IsRunning(id));
        await using var connection = await ConnectAsync(await neighbour);
    }

    [Fact]
    public async Task Memory_alarm_blocks_publishers_until_it_is_cleared()
    {
        await using var server = await RabbitMqServer.StartAsync();
        await using var connection = await ConnectAsync(server);
        var (blocked, unblocked) = (new TaskCompletionSource(), new TaskCompletionSource());
        connection.ConnectionBlockedAsync += (_, _) => Task.FromResult(blocked.TrySetResult());
        connection.ConnectionUnblockedAsync += (_, _) => Task.FromResult(unblocked.TrySetResult());

        await server.SetMemoryAlarmAsync(true);
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync("", "nowhere", ReadOnlyMemory<byte>.Empty);
        await blocked.Task.WaitAsync(Until.Timeout);

        await server.SetMemoryAlarmAsync(false);
        await unblocked.Task.WaitAsync(Until.Timeout);
        await server.StopAsync();
    }

    private static async Task<IConnection> ConnectAsync(RabbitMqServer server)
        => await new ConnectionFactory { Uri = server.Url }.CreateConnectionAsync();

    private static async Task PublishAsync(RabbitMqServer server, string text)
    {
        await using var connection = await ConnectAsync(server);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await channel.BasicPublishAsync("", Queue, mandatory: true, Encoding.UTF8.GetBytes(text));
    }

    private static async Task<string> TakeAsync(RabbitMqServer server)
    {
        await using var connection = await ConnectAsync(server);
        await using var channel = await connection.CreateChannelAsync();
        // A quorum queue answers "empty" until it has elected a leader.
        var message = await Until.TrueAsync(() => channel.BasicGetAsync(Queue, autoAck: true), message => message is not null);
        return Encoding.UTF8.GetString(message!.Body.Span);
    }
}
