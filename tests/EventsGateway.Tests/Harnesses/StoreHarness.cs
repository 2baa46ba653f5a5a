using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Harnesses;

/// <summary>A store with all its ports over one set of data, as an adapter provides it to the contract suites.</summary>
internal abstract class StoreHarness : IAsyncDisposable
{
    /// <summary>The store's clock.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero));

    public static readonly TimeSpan NewCycleAfter = TimeSpan.FromDays(60);

    public static EffectiveTimePolicy EffectiveTimes { get; } =
        new(TimeSpan.FromDays(400), TimeSpan.FromHours(24), () => { });

    public abstract IEventRepository Events { get; }

    public abstract IEventQueries Queries { get; }

    public abstract IShipmentRepository Shipments { get; }

    public abstract IAuditRepository Audit { get; }

    public abstract IEventRetention Retention { get; }

    public abstract IEventErasure Erasure { get; }

    public abstract IEventDismissal Dismissal { get; }

    public abstract IPauseRepository Pauses { get; }

    public abstract IHistoryRepository History { get; }

    public Task<IReadOnlyList<ShipmentEntity>> ApplyAsync(IReadOnlyList<EventEntity> events)
        => Shipments.ApplyAsync(events, NewCycleAfter);

    public Task<ShipmentEntity?> ShipmentAsync(string shipmentId, string courier = "dhl")
        => Shipments.FindAsync(new ShipmentKey(courier, shipmentId), CancellationToken.None);

    /// <summary>All that there is to sweep now; without ages, what an erasure has left to do.</summary>
    public async Task<PurgeResult> PurgeOnceAsync(RetentionAges? ages)
    {
        var sum = default(PurgeResult);
        PurgeResult step;
        do
        {
            step = await Retention.PurgeOnceAsync(ages);
            sum = new PurgeResult(sum.Purged + step.Purged, sum.Trimmed + step.Trimmed, sum.Expired + step.Expired, false);
        }
        while (step.HasMore);
        return sum;
    }

    /// <summary>What was removed is no row any more, in whatever steps the store does it.</summary>
    public Task EndRemovalsAsync()
    {
        Time.Advance(TimeSpan.FromMinutes(11));
        return PurgeOnceAsync(null);
    }

    public abstract ValueTask OpenAsync();

    /// <summary>The process ends and another one starts on the same data.</summary>
    public abstract ValueTask ReopenAsync();

    public abstract ValueTask DisposeAsync();
}
