using System.Security.Cryptography;
using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;
using MongoDB.Bson;
using MongoDB.Driver;
using RabbitMQ.Client;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Another program publishes into the queue.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class ForeignMessageTests(DrillBackends backends, ITestOutputHelper output)
{
    private const string Company = "~unreadable";

    [Fact]
    public Task Foreign_message_is_stored_as_a_failed_event() => Drill.RunAsync(backends, output, async drill =>
    {
        drill.Settings.AddRange(Drill.LongDeadlines);
        await using var stub = await RoutingStub.StartAsync(delayMs: 0);
        var ingest = await drill.IngestAsync();
        var worker = await drill.WorkerAsync(stub.Url);
        await drill.ReadyAsync();
        var webhooks = new Webhooks(drill.Seed);
        var noise = new byte[drill.Random.Next(1, 5000)];
        drill.Random.NextBytes(noise);
        byte[][] foreign = [noise, """{"pattern":"order-placed","data":{"id":7}}"""u8.ToArray(), []];

        var keys = new List<string>();
        foreach (var message in foreign)
        {
            keys.Add(await ingest.Client.AcceptedAsync(webhooks.Next()));
            await PublishAsync(drill, message);
        }

        keys.Add(await ingest.Client.AcceptedAsync(webhooks.Next()));

        foreach (var key in keys) await worker.Client.StatusAsync(key, "processed");
        var rows = await Until.TrueAsync(
            () => worker.Client.EventsAsync($"&shippingCompanyId={Uri.EscapeDataString(Company)}"),
            rows => rows.Count == foreign.Length);
        rows.ShouldAllBe(row => Accounting.Text(row, "status") == "failed" && Accounting.Text(row, "outcome") == "unreadable");
        var kept = await BodiesAsync(drill);
        foreach (var message in foreign)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(message));
            rows.ShouldContain(row => Accounting.Text(row, "eventId") == hash);
            kept[hash].ShouldBe(message);
        }

        (await stub.RequestsAsync()).ShouldBe(keys.Count);
        await drill.ReadyAsync();
    });

    private static async Task PublishAsync(Drill drill, byte[] message)
    {
        await using var connection = await new ConnectionFactory { Uri = drill.Backends.RabbitMq.Url }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.BasicPublishAsync("", drill.Sandbox["RabbitMq:Queue"], mandatory: true, message);
    }

    private static async Task<Dictionary<string, byte[]>> BodiesAsync(Drill drill)
    {
        var uri = new MongoUrl(drill.Sandbox["Mongo:Uri"]);
        using var client = new MongoClient(uri);
        var events = client.GetDatabase(uri.DatabaseName).GetCollection<BsonDocument>("events");
        var rows = await events.Find(Builders<BsonDocument>.Filter.Eq("shippingCompanyId", Company)).ToListAsync();
        return rows.ToDictionary(row => row["eventId"].AsString, row => row["body"].AsByteArray);
    }
}
