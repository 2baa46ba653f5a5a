using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Gateway.Benchmarks.Ingest;
using Gateway.Benchmarks.Seed;
using Gateway.Benchmarks.Worker;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.EventsGateway.Repositories.Sqlite;
using Gateway.Shared.Mongo;
using Microsoft.Extensions.Options;

namespace Gateway.Benchmarks;

/// <summary>Measurements by name: <c>dotnet run -c Release --project tests/Benchmarks -- ingest</c>.</summary>
internal static class Benchmarks
{
    private const string Usage = """
        ingest                                     cost of one webhook at ingest, step by step
        insert <rounds> <group> <file> [random]    CPU time of adding 50,000 events a round to a SQLite store, in groups, with
                                                   ids that grow or, as those of real senders, random ones
        mapping                                    cost of mapping one webhook of a source, and one of 100 items
        worker [events] [rounds] [slots] [delay]   worker rate on MongoDB, compared with a bare loop on the same store or, with a
                                                   routing delay in ms, with slots / delay
        distance [events] [rounds] [ms ...]        events stored and processed per second by a worker whose MongoDB is some
                                                   round trips away, with messages of one event
        seed embedded <events> <file>              fills a store with events of the last 30 days, to start a gateway on it
        seed distributed <events> <mongodb uri>    the same on MongoDB
        query embedded <file>                      duration of each query of the operator API on a seeded store
        query distributed <mongodb uri>            the same on MongoDB
        """;

    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["ingest" or "mapping"]:
                BenchmarkRunner.Run(
                    args[0] == "ingest" ? typeof(IngestBenchmark) : typeof(MappingBenchmark),
                    DefaultConfig.Instance.WithArtifactsPath("artifacts/benchmarks")
                        .AddDiagnoser(MemoryDiagnoser.Default)
                        // Run in this process: a generated project would not have the package sources of this repository.
                        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
                            .WithMinIterationCount(8).WithMaxIterationCount(20)));
                return 0;
            case ["insert", var rounds, var group, var file, .. var random]:
                await InsertBenchmark.RunAsync(
                    int.Parse(rounds, CultureInfo.InvariantCulture), int.Parse(group, CultureInfo.InvariantCulture), file,
                    random.Length > 0);
                return 0;
            case ["worker", .. var numbers]:
                await WorkerBenchmark.RunAsync(
                    Number(numbers, 0, 20_000), Number(numbers, 1, 3), Number(numbers, 2, 100), Number(numbers, 3, 0));
                return 0;
            case ["distance", .. var numbers]:
                int[] roundTrips = [.. numbers.Skip(2).Select(ms => int.Parse(ms, CultureInfo.InvariantCulture))];
                await DistanceBenchmark.RunAsync(
                    Number(numbers, 0, 10_000), Number(numbers, 1, 3), roundTrips.Length == 0 ? [0, 20, 50] : roundTrips);
                return 0;
            case ["seed", "embedded", var events, var file]:
                await SeedCommand.RunAsync(new SeedSqlite(file), int.Parse(events, CultureInfo.InvariantCulture));
                return 0;
            case ["seed", "distributed", var events, var uri]:
                await SeedCommand.RunAsync(new SeedMongo(uri), int.Parse(events, CultureInfo.InvariantCulture));
                return 0;
            case ["query", "embedded", var file]:
                using (var database = SeedSqlite.Open(file)) await QueryCommand.RunAsync(new EventQueriesSqlite(database));
                return 0;
            case ["query", "distributed", var uri]:
                var options = Options.Create(new MongoOptions { Uri = uri });
                var schema = EventsGateway.Repositories.Mongo.EventSchema.Schema;
                using (var mongo = new MongoConnection(options, schema, TimeProvider.System))
                    await QueryCommand.RunAsync(new EventQueriesMongo(mongo, mongo.Clock));
                return 0;
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 1;
        }
    }

    private static int Number(string[] numbers, int at, int defaultValue)
        => at < numbers.Length ? int.Parse(numbers[at], CultureInfo.InvariantCulture) : defaultValue;
}
