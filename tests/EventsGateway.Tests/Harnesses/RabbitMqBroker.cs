using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.Shared.RabbitMq;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Gateway.EventsGateway.Tests.Harnesses;

/// <summary>Exchange and queues of a single test, on the shared broker or on one that the test may break.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "The harness of NestInterop derives from it.")]
internal class RabbitMqBroker(
    RabbitMqServer? server = null, Action<RabbitMqOptions>? configure = null, TimeProvider? time = null) : BrokerHarness
{
    private readonly List<RabbitMqConnection> _connections = [];
    private IEventQueue _queue = null!;
    private QueuedEventsRabbitMq _queued = null!;
    private DeadLetterQueueRabbitMq _deadLetters = null!;
    private IConnection? _admin;

    protected TimeProvider Time { get; } = time ?? TimeProvider.System;

    public RabbitMqOptions Settings { get; private set; } = Named($"test-{Guid.NewGuid():N}");

    /// <summary>A channel on a connection of the test, beside those of the gateway.</summary>
    public IChannel Admin { get; private set; } = null!;

    public override IEventQueue Queue => _queue;

    public override IQueuedEvents Queued => _queued;

    public override IDeadLetterQueue DeadLetters => _deadLetters;

    public override async ValueTask OpenAsync()
    {
        Settings.Url = (server ?? await RabbitMqServer.SharedAsync()).Url.ToString();
        configure?.Invoke(Settings);
        await ConnectAdminAsync();
        Build(Settings);
    }

    /// <summary>Opens the connection of the test, again after the broker was restarted.</summary>
    public async Task ConnectAdminAsync()
    {
        var factory = new ConnectionFactory { Uri = Settings.Nodes[0], AutomaticRecoveryEnabled = false };
        _admin = await factory.CreateConnectionAsync();
        Admin = await _admin.CreateChannelAsync();
    }

    public override async ValueTask ReopenAsync()
    {
        await CloseAsync();
        Build(Settings);
    }

    public override async ValueTask BreakAsync()
    {
        await CloseAsync();
        using var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Start();
        var url = new UriBuilder(Settings.Nodes[0]) { Port = ((IPEndPoint)unused.LocalEndpoint).Port };
        unused.Stop();
        Build(new RabbitMqOptions { Url = url.ToString() });
    }

    public override async Task PutAsync(byte[] message)
    {
        await Queue.ProbeAsync();
        await Admin.BasicPublishAsync("", Settings.Queue, message);
    }

    public override async Task<IReadOnlyList<byte[]>> DeadLettersAsync(int count)
    {
        var copies = new List<byte[]>();
        while (copies.Count < count) copies.Add((await GetAsync(Settings.DeadLetterQueue)).Body.ToArray());
        return copies;
    }

    /// <summary>Removes and returns the next message of a queue, once there is one.</summary>
    public async Task<BasicGetResult> GetAsync(string queue)
        => (await Until.TrueAsync(() => Admin.BasicGetAsync(queue, autoAck: true), found => found is not null))!;

    /// <summary>Whether the queue exists and has a consumer.</summary>
    public async Task<bool> IsReadAsync(string queue)
    {
        await using var channel = await _admin!.CreateChannelAsync();
        try
        {
            return await channel.ConsumerCountAsync(queue) > 0;
        }
        catch (OperationInterruptedException)
        {
            // A 404 closes the channel.
            return false;
        }
    }

    public QueuedEventsRabbitMq AnotherConsumer() => Consumer(Settings);

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_admin is null) return;
        if (_admin.IsOpen) await PurgeOnceAsync(_admin);
        await _admin.DisposeAsync();
    }

    private static RabbitMqOptions Named(string name) => new() { Exchange = name, Queue = name, DeadLetterQueue = $"{name}-dlq" };

    private async Task PurgeOnceAsync(IConnection admin)
    {
        await using var channel = await admin.CreateChannelAsync();
        foreach (var queue in new[] { Settings.Queue, Settings.DeadLetterQueue, Settings.NestQueue }.Where(
            name => name.Length > 0))
        {
            await channel.QueueDeleteAsync(queue);
        }

        await channel.ExchangeDeleteAsync(Settings.Exchange);
    }

    private void Build(RabbitMqOptions settings)
    {
        var options = Options.Create(settings);
        var publisher = new RabbitMqPublisher(
            Connection(RabbitMqConnection.Publish, settings), new EventTopology(options, Time).DeclareAsync, options, Time);
        _queue = QueueOn(publisher, options);
        _deadLetters = new DeadLetterQueueRabbitMq(publisher, options);
        _queued = Consumer(settings);
    }

    private QueuedEventsRabbitMq Consumer(RabbitMqOptions settings)
    {
        var options = Options.Create(settings);
        return new QueuedEventsRabbitMq(
            Connection(RabbitMqConnection.Consume, settings), new EventTopology(options, Time), options, Time,
            AdditionalOf(settings));
    }

    private protected virtual IEventQueue QueueOn(RabbitMqPublisher publisher, IOptions<RabbitMqOptions> options)
        => new EventQueueRabbitMq(publisher, options);

    private protected virtual IAdditionalQueue? AdditionalOf(RabbitMqOptions settings) => null;

    private protected RabbitMqConnection Connection(string name, RabbitMqOptions settings)
    {
        var connection = new RabbitMqConnection(name, settings, Time, NullLogger<RabbitMqConnection>.Instance);
        _connections.Add(connection);
        return connection;
    }

    private async Task CloseAsync()
    {
        foreach (var connection in _connections) await connection.DisposeAsync();
        _connections.Clear();
    }
}
