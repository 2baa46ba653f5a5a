using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>Shipments of the version before, stored by number alone, get their courier and the receipt of their end.</summary>
public abstract class ShipmentMigrationContract : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Ended = new(2026, 2, 1, 10, 0, 0, 7, TimeSpan.Zero);

    private readonly StoreHarness _store;

    private protected ShipmentMigrationContract(StoreHarness store) => _store = store;

    private protected DateTimeOffset Now => _store.Time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await WriteAsync(
            [
                new OldShipment("ended", "COMPLETED", "2026-02-01T10:00:00.007Z|3|my_20courier.e_5f1"),
                new OldShipment("purged", "CANCELLED", "2026-02-01T10:00:00.007Z|4|aramex.gone"),
                new OldShipment("open", "ACTIVE"), new OldShipment("alone", "ACTIVE"),
            ],
            [
                new OldReceipt(new EventKey("my courier", "e_1"), "ended", Now.AddMinutes(-5)),
                new OldReceipt(new EventKey("dhl", "2"), "open", Now.AddMinutes(-3)),
                new OldReceipt(new EventKey("bosta", "3"), "open", Now.AddMinutes(-4)),
            ]);
        await _store.OpenAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Courier_of_an_ended_shipment_is_that_of_its_end()
    {
        var shipment = (await _store.ShipmentAsync("ended", "my courier")).ShouldNotBeNull();

        (shipment.Status, shipment.EndReceivedAt, shipment.MerchantId, shipment.Cycle, shipment.Since)
            .ShouldBe((ShipmentStatus.Completed, Now.AddMinutes(-5), "m-1", 1, null));
        shipment.LastEventAt.ShouldBe(Ended);
    }

    [Fact]
    public async Task End_without_its_event_was_received_at_its_time()
        => (await _store.ShipmentAsync("purged", "aramex")).ShouldNotBeNull().EndReceivedAt.ShouldBe(Ended);

    [Fact]
    public async Task Courier_of_an_open_shipment_is_that_of_its_oldest_event()
    {
        (await _store.ShipmentAsync("open", "bosta")).ShouldNotBeNull().EndReceivedAt.ShouldBeNull();
        (await _store.ShipmentAsync("open")).ShouldBeNull();
    }

    [Fact]
    public async Task Shipment_without_any_event_belongs_to_the_first_event_of_its_merchant()
    {
        var of = Event("alone", "1") with { MerchantId = "m-2" };
        (await _store.ApplyAsync([of])).Single().CreatedAt.ShouldBe(of.ReceivedAt);
        var same = Event("alone", "1") with { Key = new EventKey("bosta", "1") };

        (await _store.ApplyAsync([same])).Single().CreatedAt.ShouldBe(Ended);

        (await _store.ShipmentAsync("alone", "bosta"))!.MerchantId.ShouldBe("m-1");
        (await _store.ShipmentAsync("alone", "")).ShouldBeNull();
    }

    [Fact]
    public async Task Repeated_end_of_the_version_before_is_still_the_end()
    {
        var end = (await _store.Queries.FindAsync(new EventKey("my courier", "e_1"), CancellationToken.None)).ShouldNotBeNull();

        var shipment = (await _store.ApplyAsync([end])).Single();

        shipment.End.ShouldBe(ShipmentEntity.PositionOf(end));
        shipment.ShouldBe(await _store.ShipmentAsync("ended", "my courier"));
    }

    [Fact]
    public async Task Second_courier_of_a_number_has_a_shipment_of_its_own()
        => (await _store.ApplyAsync([Event("ended", "9")])).Single().Status.ShouldBe(ShipmentStatus.Active);

    /// <summary>Each shipment of merchant m-1, created and updated at the time of its last event, and DELIVERED events.</summary>
    private protected abstract Task WriteAsync(IReadOnlyList<OldShipment> shipments, IReadOnlyList<OldReceipt> events);

    private EventEntity Event(string shipment, string id) => new()
    {
        Key = new EventKey("dhl", id), MerchantId = "m-1", ShipmentId = shipment, Type = EventType.Updated,
        OccurredAt = Now, ReceivedAt = Now,
    };

    private protected sealed record OldShipment(string Id, string Status, string? End = null);

    private protected sealed record OldReceipt(EventKey Key, string ShipmentId, DateTimeOffset ReceivedAt);
}
