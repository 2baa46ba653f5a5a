using System.Threading.Channels;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.NestInterop;
using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Gateway.Shared.RabbitMq;
using Gateway.Shared.Redis;
using Gateway.TestSupport.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Gateway.EventsGateway.Tests.NestInterop;

/// <summary>Workers of the gateway are told apart from consumers of the original.</summary>
public sealed class OriginalConsumersTests : IAsyncDisposable
{
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(16);

    private readonly string _name = $"nest-{Guid.NewGuid():N}";
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly List<IAsyncDisposable> _opened = [];

    [Fact]
    public async Task Only_consumers_of_another_program_are_reported_and_only_while_they_consume()
    {
        var rabbitMq = await RabbitMqServer.SharedAsync();
        var redis = await RedisServer.SharedAsync();
        var original = await new ConnectionFactory { Uri = rabbitMq.Url }.CreateConnectionAsync();
        _opened.Add(original);
        await using var channel = await original.CreateChannelAsync();
        await channel.QueueDeclareAsync(_name, durable: true, exclusive: false, autoDelete: true);
        var ours = new[] { await WorkerAsync(rabbitMq, redis), await WorkerAsync(rabbitMq, redis) };

        // The second has been seen by the broker before it has published its number.
        for (var round = 0; round < 3; round++)
        {
            foreach (var worker in ours) await worker.ProbeAsync();
            _time.Advance(Doubt);
        }

        var tag = await channel.BasicConsumeAsync(_name, autoAck: false, new AsyncEventingBasicConsumer(channel));
        foreach (var worker in ours)
        {
            await worker.ProbeAsync();
            _time.Advance(Doubt);
            (await Should.ThrowAsync<BackendUnavailableException>(worker.ProbeAsync)).Message
                .ShouldBe($"nest-queue: queue '{_name}' has consumers of another program");
        }

        await channel.BasicCancelAsync(tag);
        _time.Advance(Doubt);
        foreach (var worker in ours) await worker.ProbeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _opened) await one.DisposeAsync();
    }

    private async Task<OriginalConsumers> WorkerAsync(RabbitMqServer rabbitMq, RedisServer redis)
    {
        var settings = new RabbitMqOptions { Url = rabbitMq.Url.ToString(), NestQueue = _name };
        var connection = new RabbitMqConnection(
            RabbitMqConnection.Consume, settings, TimeProvider.System, NullLogger<RabbitMqConnection>.Instance);
        var cache = new RedisConnection(new OptionsWrapper<RedisOptions>(new RedisOptions
        {
            Host = redis.Host, Port = redis.Port, Password = redis.Password,
        }));
        _opened.AddRange([connection, cache]);
        var board = new ProcessBoard(
            cache, new OptionsWrapper<IdempotencyOptions>(new IdempotencyOptions { KeyPrefix = $"{_name}:" }),
            TimeProvider.System);
        var queue = new NestQueue(settings, TimeProvider.System, NullLogger<NestQueue>.Instance);
        (await queue.ReadAsync(
            await connection.OpenAsync(), Channel.CreateUnbounded<RabbitMqDelivery>().Writer, CancellationToken.None))
            .ShouldNotBeNull();
        return new OriginalConsumers(
            connection, queue, _name, new OtherProcesses(board), _time, NullLogger<OriginalConsumers>.Instance);
    }
}
