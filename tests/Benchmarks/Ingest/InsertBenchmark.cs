using System.Diagnostics;
using Gateway.Benchmarks.Seed;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories.Sqlite;

namespace Gateway.Benchmarks.Ingest;

/// <summary>CPU time of the process per event that is added to a SQLite store in groups, without HTTP.</summary>
internal static class InsertBenchmark
{
    private const int PerRound = 50_000;

    public static async Task RunAsync(int rounds, int group, string path, bool random)
    {
        using var database = SeedSqlite.Open(path);
        var (events, process) = (new EventRepositorySqlite(database), Process.GetCurrentProcess());
        for (var round = 0; round < rounds; round++)
        {
            AcceptedEvent[][] groups = [.. Enumerable.Range(round * PerRound, PerRound)
                .Select(n => New(random ? Guid.NewGuid().ToString() : $"run-7f3a-{n:D10}")).Chunk(group)];
            process.Refresh();
            var (cpu, started) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
            foreach (var one in groups) await events.AddAsync(one);
            var elapsed = Stopwatch.GetElapsedTime(started);
            process.Refresh();
            var each = (process.TotalProcessorTime - cpu).TotalMicroseconds / PerRound;
            var rate = PerRound / elapsed.TotalSeconds;
            Console.WriteLine($"{(round + 1) * PerRound,9:N0} events {each,6:0.0} us CPU per event {rate,8:N0} events/s");
        }
    }

    private static AcceptedEvent New(string id)
    {
        var now = DateTimeOffset.UtcNow;
        return new AcceptedEvent
        {
            AcceptId = Guid.CreateVersion7(),
            Key = new EventKey($"courier-{Random.Shared.Next(5)}", id),
            MerchantId = $"merchant-{Random.Shared.Next(200)}",
            ShipmentId = $"shp-{id}",
            Type = EventType.Created,
            OccurredAt = now,
            ReceivedAt = now,
            SecretId = AcceptedEvent.BuiltInSecretId,
            Details = "{}",
            Body = new byte[300],
        };
    }
}
