using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.RabbitMq;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using RabbitMQ.Client;

namespace Gateway.Benchmarks.Worker;

/// <summary>
/// A worker with default settings and a routing service that answers at once, whose MongoDB is some round trips away. The
/// queue holds messages with one event each. Distances alternate, because the load of a shared machine changes.
/// </summary>
internal static class DistanceBenchmark
{
    // Until the process has compiled; then it is measured for so long, or until the queue is nearly empty.
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(8), Window = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(int events, int rounds, IReadOnlyList<int> roundTrips)
    {
        var rates = roundTrips.ToDictionary(ms => ms, _ => new List<(double Stored, double Processed)>());
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var ms in roundTrips)
            {
                var rate = await MeasureAsync(events, ms);
                rates[ms].Add(rate);
                Console.WriteLine(
                    $"round {round}, {ms} ms: {rate.Stored:0} events/s stored, {rate.Processed:0} events/s processed");
            }
        }

        foreach (var ms in roundTrips)
        {
            Console.WriteLine(
                $"median {ms} ms: {Median(rates[ms].Select(rate => rate.Stored)):0} stored, "
                + $"{Median(rates[ms].Select(rate => rate.Processed)):0} processed");
        }
    }

    private static async Task<(double Stored, double Processed)> MeasureAsync(int events, int ms)
    {
        var backends = await Backends.SharedAsync();
        var sandbox = backends.NewSandbox();
        var direct = new MongoUrl(sandbox["Mongo:Uri"]);
        using var proxy = new DelayingProxy(direct.Server.Port, TimeSpan.FromMilliseconds(ms));
        var far = new MongoUrlBuilder(direct.Url) { Server = new MongoServerAddress("127.0.0.1", proxy.Port) }.ToString();
        await FillAsync(sandbox, events);
        using var folder = new TempFolder();
        using var client = new MongoClient(direct);
        var rows = client.GetDatabase(direct.DatabaseName).GetCollection<BsonDocument>(EventDocument.Collection);
        var settings = sandbox.Select(one => ($"Gateway__{one.Key.Replace(":", "__", StringComparison.Ordinal)}", one.Value));
        try
        {
            await using var gateway = GatewayProcess.Launch(folder.Path, [
                .. settings, ("Gateway__Mongo__Uri", far), ("Gateway__Role", "Worker"), ("ASPNETCORE_ENVIRONMENT", "Development"),
                ("ROUTING_SERVICE_DELAY_MS", "0"), ("Logging__Console__LogLevel__Default", "Error")]);
            using var distant = new MongoClient(far);
            var rate = await RateAsync(rows, events, gateway, distant);
            var stored = Math.Max(await rows.CountDocumentsAsync(new BsonDocument()), 1);
            Console.WriteLine($"{proxy.Bytes / stored} bytes to and from MongoDB per stored event");
            return rate;
        }
        finally
        {
            await backends.ClearAsync(sandbox);
        }
    }

    private static async Task FillAsync(IReadOnlyDictionary<string, string> sandbox, int events)
    {
        var options = new RabbitMqOptions
        {
            Url = sandbox["RabbitMq:Url"], Exchange = sandbox["RabbitMq:Exchange"], Queue = sandbox["RabbitMq:Queue"],
            DeadLetterQueue = sandbox["RabbitMq:DeadLetterQueue"],
        };
        await using var connection = await new ConnectionFactory { Uri = new Uri(options.Url) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await new EventTopology(Options.Create(options), TimeProvider.System).DeclareAsync(channel);
        AcceptedEvent[] full = [.. Enumerable.Range(0, 128).Select(WorkerBenchmark.Event)];
        var size = AcceptedEventEncoding.Encode(full, full.Length).Single().Message.Length;
        Console.WriteLine($"{size / full.Length} bytes per event in a message of {full.Length}");
        for (var i = 0; i < events; i++)
        {
            var message = AcceptedEventEncoding.Encode([WorkerBenchmark.Event(i)], 1).Single().Message;
            await channel.BasicPublishAsync("", options.Queue, message);
        }
    }

    private static async Task<(double Stored, double Processed)> RateAsync(
        IMongoCollection<BsonDocument> rows, int events, GatewayProcess gateway, MongoClient distant)
    {
        var pings = new List<double>();
        var processed = new BsonDocument("status", "processed");
        var (stored, done) = (new Progress(), new Progress());
        while (!(stored.Ends(events) && done.Ends(events)))
        {
            await Task.Delay(200);
            // On a busy machine the proxy is late, and so the round trip is longer.
            var sent = Stopwatch.GetTimestamp();
            await distant.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));
            pings.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            if (gateway.HasExited) throw new InvalidOperationException(gateway.WithOutput("The gateway ended"));
            stored.Add(await rows.CountDocumentsAsync(new BsonDocument()), events);
            done.Add(await rows.CountDocumentsAsync(processed), events);
        }

        Console.WriteLine($"median round trip {Median(pings):0} ms");
        return (stored.Rate, done.Rate);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private sealed class Progress
    {
        private (long At, long Count) _begin, _first, _last;

        public double Rate
            => (_last.Count - _first.Count) / Stopwatch.GetElapsedTime(_first.At, _last.At).TotalSeconds;

        public bool Ends(int events)
            => _last.Count >= 0.95 * events
                || (_first.At != 0 && Stopwatch.GetElapsedTime(_first.At, _last.At) > Window);

        public void Add(long count, int events)
        {
            if (count == 0 || Ends(events)) return;
            _last = (Stopwatch.GetTimestamp(), count);
            if (_begin.At == 0) _begin = _last;
            var isWarm = Stopwatch.GetElapsedTime(_begin.At, _last.At) > Warmup || count >= 0.3 * events;
            if (_first.At == 0 && isWarm) _first = _last;
        }
    }
}
