using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Host.Tests.CrashDrill;
using Gateway.Host.Tests.FaultDrills;
using Gateway.TestSupport;
using MongoDB.Bson;
using MongoDB.Driver;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Gateway.Host.Tests.Porting;

/// <summary>
/// The RabbitMQ version of the original: its publisher, byte by byte, and its consumer with its rows. It never acknowledges
/// (R1), so after ten messages it gets no more, and they return when it ends.
/// </summary>
internal sealed class RabbitMqOriginal : IAsyncDisposable
{
    public const int Prefetch = 10;

    private static readonly JsonSerializerOptions AsJavaScript =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _queue;
    private readonly MongoClient _client;
    private readonly ConcurrentQueue<byte[]> _handled = new();

    private RabbitMqOriginal(IConnection connection, IChannel channel, string queue, string uri)
    {
        (_connection, _channel, _queue, _client) = (connection, channel, queue, new MongoClient(uri));
        Rows = _client.GetDatabase(new MongoUrl(uri).DatabaseName).GetCollection<BsonDocument>("events");
    }

    public IMongoCollection<BsonDocument> Rows { get; }

    /// <summary>The messages that its handler has seen.</summary>
    public IReadOnlyCollection<byte[]> Handled => _handled;

    public Task<uint> WaitingAsync() => _channel.MessageCountAsync(_queue);

    public static async Task<RabbitMqOriginal> StartAsync(Drill drill, string queue)
    {
        var connection = await new ConnectionFactory { Uri = drill.Backends.RabbitMq.Url }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        // Durable, without arguments: with others the declaration of the second program fails with 406.
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        return new RabbitMqOriginal(connection, channel, queue, drill.Sandbox["Mongo:Uri"]);
    }

    public static byte[] MessageOf(Webhook webhook)
        => JsonSerializer.SerializeToUtf8Bytes(new { pattern = "process-event", data = webhook }, AsJavaScript);

    /// <summary>Its ingest.</summary>
    public ValueTask AcceptAsync(Webhook webhook) => _channel.BasicPublishAsync(
        "", _queue, mandatory: true,
        new BasicProperties { DeliveryMode = DeliveryModes.Persistent, Headers = new Dictionary<string, object?>() },
        MessageOf(webhook));

    /// <summary>Its worker; returns when it has stopped at its prefetch, or has handled all.</summary>
    public async Task WorkAsync(int expected)
    {
        await _channel.BasicQosAsync(0, Prefetch, global: false);
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            var message = delivery.Body.ToArray();
            await HandleAsync(JsonDocument.Parse(message).RootElement.GetProperty("data"));
            _handled.Enqueue(message);
        };
        await _channel.BasicConsumeAsync(_queue, autoAck: false, consumer);
        await Until.TrueAsync(() => _handled.Count >= expected, Accounting.Timeout);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _client.Dispose();
    }

    private async Task HandleAsync(JsonElement data)
    {
        var id = new BsonDocument("eventId", data.GetProperty("eventId").GetString());
        if (await Rows.Find(id).AnyAsync()) return;
        var now = new BsonDateTime(DateTime.UtcNow);
        await Rows.InsertOneAsync(new BsonDocument(id)
        {
            { "shipmentId", data.GetProperty("shipmentId").GetString() }, { "type", data.GetProperty("type").GetString() },
            { "status", "pending" }, { "payload", BsonDocument.Parse(data.GetProperty("payload").GetRawText()) },
            { "createdAt", now }, { "processedAt", now },
        });
        await Rows.UpdateOneAsync(
            id, new BsonDocument("$set", new BsonDocument { { "status", "processed" }, { "processedAt", now } }));
    }
}
