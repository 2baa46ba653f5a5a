using System.Text.Json;
using Gateway.Host.Tests.FaultDrills;
using Gateway.TestSupport;
using MongoDB.Bson;
using MongoDB.Driver;
using StackExchange.Redis;

namespace Gateway.Host.Tests.Porting;

/// <summary>The BullMQ version of the original: its jobs in Redis and its rows, as its worker writes them.</summary>
internal sealed class BullMqOriginal : IAsyncDisposable
{
    private readonly IConnectionMultiplexer _connection;
    private readonly MongoClient _client;

    private BullMqOriginal(IConnectionMultiplexer connection, string prefix, string uri)
    {
        (_connection, Prefix, _client) = (connection, prefix, new MongoClient(uri));
        Rows = _client.GetDatabase(new MongoUrl(uri).DatabaseName).GetCollection<BsonDocument>("events");
    }

    /// <summary>Instead of <c>bull</c>: the drills share a Redis.</summary>
    public string Prefix { get; }

    public IMongoCollection<BsonDocument> Rows { get; }

    /// <summary>The ids of the events that it has routed.</summary>
    public List<string> Routed { get; } = [];

    private IDatabase Redis => _connection.GetDatabase();

    private IMongoCollection<BsonDocument> Shipments => Rows.Database.GetCollection<BsonDocument>("shipments");

    public static async Task<BullMqOriginal> StartAsync(Drill drill) => new(
        await ConnectionMultiplexer.ConnectAsync(drill.Backends.Redis.Endpoint), $"bull-{drill.Sandbox["RabbitMq:Exchange"]}",
        drill.Sandbox["Mongo:Uri"]);

    /// <summary>Its ingest: jobId is the event id.</summary>
    public async Task EnqueueAsync(IEnumerable<Webhook> some, string state = "wait")
    {
        foreach (var webhook in some)
        {
            await Redis.HashSetAsync(Key(webhook.EventId),
            [
                new("name", "process-event"), new("data", JsonSerializer.Serialize(webhook, JsonSerializerOptions.Web)),
                new("opts", """{"attempts":3,"backoff":{"type":"exponential","delay":1000},"removeOnComplete":true}"""),
                new("timestamp", "1772030000000"), new("delay", 0), new("priority", 0), new("atm", state == "failed" ? 3 : 0),
            ]);
            if (state is "wait" or "paused" or "active") await Redis.ListLeftPushAsync(Key(state), webhook.EventId);
            else await Redis.SortedSetAddAsync(Key(state), webhook.EventId, 1772030000000);
            if (state == "failed") await WriteAsync(webhook, "failed");
        }
    }

    /// <summary>Its worker: takes what waits, and does nothing where the row is processed.</summary>
    /// <param name="count">Jobs.</param>
    /// <param name="isKilled">Before it removes the last one: that one stays active.</param>
    public async Task WorkAsync(int count, bool isKilled = false)
    {
        for (var i = 1; i <= count; i++)
        {
            var id = await Redis.ListMoveAsync(Key("wait"), Key("active"), ListSide.Right, ListSide.Left);
            var webhook = JsonSerializer.Deserialize<Webhook>((string)(await Redis.HashGetAsync(Key(id!), "data"))!,
                JsonSerializerOptions.Web)!;
            if (!await Rows.Find(new BsonDocument { { "eventId", webhook.EventId }, { "status", "processed" } }).AnyAsync())
            {
                await WriteAsync(webhook, "pending");
                Routed.Add(webhook.EventId);
                await WriteAsync(webhook, "processed");
            }

            if (isKilled && i == count) return;
            await Redis.ListRemoveAsync(Key("active"), id);
            await Redis.KeyDeleteAsync(Key(id!));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _client.Dispose();
    }

    private string Key(string name) => $"{Prefix}:events-processing:{name}";

    private async Task WriteAsync(Webhook webhook, string status)
    {
        var now = new BsonDateTime(DateTime.UtcNow);
        var payload = BsonDocument.Parse(JsonSerializer.Serialize(webhook.Payload));
        await Rows.UpdateOneAsync(
            new BsonDocument("eventId", webhook.EventId),
            new BsonDocument
            {
                { "$setOnInsert", new BsonDocument("createdAt", now) },
                { "$set", new BsonDocument
                    {
                        { "shipmentId", webhook.ShipmentId }, { "payload", payload }, { "status", status },
                        { "type", webhook.Type }, { "processedAt", now },
                    } },
            }, new UpdateOptions { IsUpsert = true });
        await Shipments.UpdateOneAsync(
            new BsonDocument("shipmentId", webhook.ShipmentId),
            new BsonDocument("$setOnInsert", new BsonDocument
            {
                { "status", "ACTIVE" }, { "merchantId", webhook.MerchantId }, { "createdAt", now }, { "updatedAt", now },
            }), new UpdateOptions { IsUpsert = true });
    }
}
