using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Mongo;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.Benchmarks.Worker;

/// <summary>
/// The same events in two databases of one server: a bare loop drains the first, the worker of a gateway with the routing stub
/// the second. With a routing delay the bare loop is left out, because slots / delay is the limit. Rounds alternate, because
/// the load of a shared machine changes.
/// </summary>
internal static class WorkerBenchmark
{
    private static readonly byte[] Body =
        """{"eventId":"1","type":"SHIPMENT_CREATED","payload":{"origin":"Cairo","destination":"Giza","weight":1.5}}"""u8
            .ToArray();

    // The rate is measured between these shares: before, the process compiles; after, slots are idle.
    private const double From = 0.3, To = 0.95;

    public static async Task RunAsync(int events, int rounds, int slots, int delayMs)
    {
        var ratios = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            var bound = delayMs > 0
                ? slots * 1000.0 / delayMs
                : await OnNewDatabaseAsync(events, (_, database) => BareAsync(database, events, slots));
            var worker = await OnNewDatabaseAsync(events, (uri, database) => GatewayAsync(uri, database, events, slots, delayMs));
            ratios.Add(worker / bound);
            var limit = delayMs > 0 ? "slots / delay" : "bare loop";
            Console.WriteLine(
                $"round {round}: {limit} {bound:0} events/s, gateway {worker:0} events/s, ratio {worker / bound:0.00}");
        }

        ratios.Sort();
        Console.WriteLine(
            $"median ratio {ratios[ratios.Count / 2]:0.00} of {rounds} rounds, {events} events each, {slots} slots, "
            + $"routing delay {delayMs} ms");
    }

    private static async Task<double> OnNewDatabaseAsync(int events, Func<string, IMongoDatabase, Task<double>> measure)
    {
        var name = $"gateway_bench_{Guid.NewGuid():N}";
        var uri = (await MongoServer.SharedAsync()).UriOf(name);
        using var client = new MongoClient(MongoAddress.SettingsOf(uri));
        var database = client.GetDatabase(name);
        await EventSchema.Schema.EnsureAsync(database, new MongoOptions { Uri = uri }, CancellationToken.None);
        foreach (var chunk in Enumerable.Range(0, events).Chunk(1000))
            await database.GetCollection<BsonDocument>(EventDocument.Collection).InsertManyAsync(chunk.Select(Row));
        try
        {
            return await measure(uri, database);
        }
        finally
        {
            await client.DropDatabaseAsync(name);
        }
    }

    internal static AcceptedEvent Event(int i) => new()
    {
        Key = new EventKey("dhl", $"event-{i}"), MerchantId = "merchant-1", ShipmentId = $"shipment-{i}",
        Type = EventType.Created, OccurredAt = DateTimeOffset.UtcNow, ReceivedAt = DateTimeOffset.UtcNow,
        AcceptId = Guid.CreateVersion7(), Body = Body,
    };

    private static BsonDocument Row(int i) => EventDocument.New(Event(i), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    private static async Task<double> BareAsync(IMongoDatabase database, int events, int slots)
    {
        var settled = 0;
        var drain = new BareLoop(database, slots).DrainAsync(n => settled += n);
        var rate = await RateAsync(events, () => Task.FromResult((long)Volatile.Read(ref settled)));
        await drain;
        return rate;
    }

    private static async Task<double> GatewayAsync(string uri, IMongoDatabase database, int events, int slots, int delayMs)
    {
        using var folder = new TempFolder();
        // Stored events need no broker. This process would have to read the log lines per event, so only errors are logged.
        await using var gateway = GatewayProcess.Launch(
            folder.Path,
            ("ASPNETCORE_ENVIRONMENT", "Development"), ("Gateway__Profile", "Distributed"), ("Gateway__Role", "Worker"),
            ("MONGODB_URI", uri), ("RABBITMQ_URL", "amqp://127.0.0.1:9"), ("REDIS_PORT", "9"),
            ("WORKER_PREFETCH", $"{slots}"), ("ROUTING_SERVICE_DELAY_MS", $"{delayMs}"),
            ("Logging__Console__LogLevel__Default", "Error"));
        var processed = new BsonDocument("status", "processed");
        return await RateAsync(
            events,
            () => gateway.HasExited
                ? throw new InvalidOperationException(gateway.WithOutput("The gateway ended"))
                : database.GetCollection<BsonDocument>(EventDocument.Collection).CountDocumentsAsync(processed));
    }

    private static async Task<double> RateAsync(int events, Func<Task<long>> settled)
    {
        var (first, last) = ((At: 0L, N: 0L), (At: 0L, N: 0L));
        while (last.N < To * events)
        {
            await Task.Delay(200);
            last = (Stopwatch.GetTimestamp(), await settled());
            if (first.N == 0 && last.N >= From * events) first = last;
        }

        return (last.N - first.N) / Stopwatch.GetElapsedTime(first.At, last.At).TotalSeconds;
    }
}
