using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Gateway.Benchmarks.Door;
using Gateway.Benchmarks.Seed;
using Gateway.Benchmarks.Worker;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Mongo;
using Microsoft.Extensions.Options;

namespace Gateway.Benchmarks;

/// <summary>Measuring programs, by name: <c>dotnet run -c Release --project tests/Benchmarks -- door</c>.</summary>
internal static class Benchmarks
{
    private const string Usage = """
        door                                       what one webhook costs at the door, piece by piece
        worker [events] [rounds] [slots] [delay]   a worker on MongoDB against a bare loop on the same store or, where routing takes a
                                                   delay of so many ms, against slots / delay
        seed embedded <events> <file>              fills a store with events of the last 30 days, for a gateway that is started on it
        seed distributed <events> <mongodb uri>    the same
        ask embedded <file>                        how long each question of the operator API takes there
        ask distributed <mongodb uri>              the same
        """;

    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["door"]:
                BenchmarkRunner.Run<DoorBenchmark>(DefaultConfig.Instance.WithArtifactsPath("artifacts/benchmarks")
                    .AddDiagnoser(MemoryDiagnoser.Default)
                    // In this process: a generated project would not restore without its sources of packages.
                    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithMinIterationCount(8).WithMaxIterationCount(20)));
                return 0;
            case ["worker", .. var numbers]:
                await WorkerBenchmark.RunAsync(Number(numbers, 0, 20_000), Number(numbers, 1, 3), Number(numbers, 2, 100), Number(numbers, 3, 0));
                return 0;
            case ["seed", "embedded", var events, var file]:
                await SeedCommand.RunAsync(new SeedSqlite(file), int.Parse(events, CultureInfo.InvariantCulture));
                return 0;
            case ["seed", "distributed", var events, var uri]:
                await SeedCommand.RunAsync(new SeedMongo(uri), int.Parse(events, CultureInfo.InvariantCulture));
                return 0;
            case ["ask", "embedded", var file]:
                using (var database = SeedSqlite.Open(file)) await AskCommand.RunAsync(new EventQueriesSqlite(database));
                return 0;
            case ["ask", "distributed", var uri]:
                using (var mongo = new MongoConnection(Options.Create(new MongoOptions { Uri = uri }), EventSchemaMongo.Schema, TimeProvider.System))
                    await AskCommand.RunAsync(new EventQueriesMongo(mongo, mongo.Clock));
                return 0;
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 1;
        }
    }

    private static int Number(string[] numbers, int at, int otherwise)
        => at < numbers.Length ? int.Parse(numbers[at], CultureInfo.InvariantCulture) : otherwise;
}
