using System.Diagnostics;
using Gateway.EventsGateway.Entities;

namespace Gateway.Benchmarks.Seed;

/// <summary>Fills a store with a month of events, to measure the console and the operator API.</summary>
internal static class SeedCommand
{
    private const int Batch = 1000;

    public static async Task RunAsync(ISeededStore store, int events)
    {
        using var _ = store;
        var (now, watch) = (DateTimeOffset.UtcNow, Stopwatch.StartNew());
        await store.PrepareAsync();
        foreach (var chunk in Enumerable.Range(0, events).Chunk(Batch))
        {
            await store.AddAsync([.. chunk.Select(i => SeededEvent.Of(i, events, now))]);
            if ((chunk[0] + Batch) % 100_000 != 0) continue;
            Console.WriteLine($"{chunk[0] + Batch} events after {watch.Elapsed.TotalSeconds:0} s");
        }

        foreach (var chunk in Enumerable.Range(0, SeededEvent.Shipments(events)).Chunk(Batch))
            await store.AddAsync([.. chunk.Select(shipment => SeededEvent.Shipment(shipment, events, now))]);
        Console.WriteLine($"{events} events and {SeededEvent.Shipments(events)} shipments in {watch.Elapsed.TotalSeconds:0} s");
    }
}

internal interface ISeededStore : IDisposable
{
    Task PrepareAsync();

    Task AddAsync(IReadOnlyList<EventEntity> events);

    Task AddAsync(IReadOnlyList<ShipmentEntity> shipments);
}
