using Gateway.EventsGateway.Repositories;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Contracts;

/// <summary>A store with all its ports over one set of data, as an adapter provides it to the contract suites.</summary>
internal abstract class StoreHarness : IAsyncDisposable
{
    /// <summary>The store's clock.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero));

    public abstract IEventRepository Events { get; }

    public abstract IEventQueries Queries { get; }

    public abstract IShipmentRepository Shipments { get; }

    public abstract IAuditRepository Audit { get; }

    public abstract ValueTask OpenAsync();

    /// <summary>The process ends and another one starts on the same data.</summary>
    public abstract ValueTask ReopenAsync();

    public abstract ValueTask DisposeAsync();
}
