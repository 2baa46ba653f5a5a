using Gateway.Shared.Errors;
using Gateway.Shared.RabbitMq;
using Gateway.TestSupport.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace Gateway.Shared.Tests.RabbitMq;

public sealed class RabbitMqPublisherTests : IAsyncLifetime
{
    private readonly string _queue = $"test-{Guid.NewGuid():N}";
    private RabbitMqConnection _connection = null!;
    private RabbitMqPublisher _publisher = null!;
    private Dictionary<string, object?> _arguments = [];
    private int _declarations;

    public async ValueTask InitializeAsync()
    {
        var options = new RabbitMqOptions { Url = (await RabbitMqServer.SharedAsync()).Url.ToString() };
        _connection = new RabbitMqConnection(
            RabbitMqConnection.Publish, options, TimeProvider.System, NullLogger<RabbitMqConnection>.Instance);
        _publisher = new RabbitMqPublisher(_connection, DeclareAsync, Microsoft.Extensions.Options.Options.Create(options),
            TimeProvider.System);
    }

    [Fact]
    public async Task Queue_is_declared_once_per_connection_and_again_after_a_return()
    {
        (await PublishAsync()).ShouldBeNull();
        await _publisher.ProbeAsync();
        (await PublishAsync()).ShouldBeNull();
        _declarations.ShouldBe(1);

        await UseAsync(channel => channel.QueueDeleteAsync(_queue));
        (await PublishAsync()).ShouldNotBeNull().ShouldContain("NO_ROUTE");
        (await PublishAsync()).ShouldBeNull();
        _declarations.ShouldBe(2);

        _connection.Abandon(await _connection.OpenAsync());
        (await PublishAsync()).ShouldBeNull();
        _declarations.ShouldBe(3);
    }

    [Fact]
    public async Task Nacked_group_ends_its_channel_and_the_second_in_a_row_the_connection()
    {
        FullAfterOneMessage();
        (await PublishAsync()).ShouldBeNull();
        var link = await _connection.OpenAsync();
        var channel = await ConfirmChannel.OpenAsync(link);

        (await channel.PublishAsync([Message()], TimeSpan.FromMinutes(1), TimeProvider.System)).Single().ShouldNotBeNull();
        channel.IsUsableOn(link).ShouldBeFalse();

        (await PublishAsync()).ShouldNotBeNull();
        (await _connection.OpenAsync()).ShouldBeSameAs(link);
        (await PublishAsync()).ShouldNotBeNull();
        (await _connection.OpenAsync()).ShouldNotBeSameAs(link);
        _declarations.ShouldBe(1, "a nack declares nothing");
    }

    [Fact]
    public async Task Confirm_between_two_nacks_keeps_the_connection()
    {
        FullAfterOneMessage();
        (await PublishAsync()).ShouldBeNull();
        var link = await _connection.OpenAsync();

        for (var i = 0; i < 3; i++)
        {
            (await PublishAsync()).ShouldNotBeNull();
            await UseAsync(channel => channel.QueuePurgeAsync(_queue));
            (await PublishAsync()).ShouldBeNull();
        }

        (await _connection.OpenAsync()).ShouldBeSameAs(link);
    }

    [Fact]
    public async Task Failed_declaration_is_repeated()
    {
        _arguments = new() { ["x-max-length"] = -1 };
        await Should.ThrowAsync<BackendUnavailableException>(PublishAsync);
        _arguments = [];

        (await PublishAsync()).ShouldBeNull();
    }

    public async ValueTask DisposeAsync()
    {
        await UseAsync(channel => channel.QueueDeleteAsync(_queue));
        await _connection.DisposeAsync();
    }

    private void FullAfterOneMessage() => _arguments = new() { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" };

    private async Task DeclareAsync(IChannel channel)
    {
        _declarations++;
        await channel.QueueDeclareAsync(_queue, durable: false, exclusive: false, autoDelete: false, _arguments);
    }

    private async Task<string?> PublishAsync() => (await _publisher.PublishAsync([Message()])).Single();

    private RabbitMqMessage Message() => new("", _queue, new BasicProperties(), "a"u8.ToArray());

    private async Task UseAsync(Func<IChannel, Task> use)
    {
        await using var channel = await (await _connection.OpenAsync()).CreateChannelAsync();
        await use(channel);
    }
}
