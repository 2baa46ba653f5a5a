using CsCheck;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Contracts.ShipmentRepository;

/// <summary>A shipment is computed from the set of its events, in every store.</summary>
public abstract partial class ShipmentRepositoryContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 25, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<EventEntity> AnyEvent = Gen.Select(
        Gen.Enum<EventType>(), Gen.Int[0, 4], Gen.Int[0, 9], Gen.Int[0, 4],
        (type, minute, id, received) => Event(type, minute, $"dhl.{id}") with { ReceivedAt = Noon.AddMinutes(received) });

    private readonly StoreHarness _store;
    private int _shipments;

    private protected ShipmentRepositoryContract(StoreHarness store) => _store = store;

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public Task Any_order_and_any_repetition_of_the_events_gives_the_same_shipment()
        => Gen.Select(AnyEvent.Array[1, 8], Gen.Int[0, 8], Gen.Int).SampleAsync(
            async (events, repeated, seed) =>
            {
                var random = new Random(seed);
                var deliveries = events.Concat(random.GetItems(events, repeated)).ToArray();
                random.Shuffle(deliveries);

                var shipment = await ApplyAsync($"sh-{Interlocked.Increment(ref _shipments)}", deliveries);

                var ends = events.Where(e => e.EndsShipment).ToList();
                var end = ends
                    .OrderBy(e => e.OccurredAt).ThenBy(e => e.Type).ThenBy(e => e.Key.ToString(), StringComparer.Ordinal)
                        .FirstOrDefault();
                shipment.LastEventAt.ShouldBe(events.Max(e => e.OccurredAt));
                shipment.End.ShouldBe(end is null ? null : ShipmentEntity.PositionOf(end));
                shipment.EndReceivedAt.ShouldBe(ends.Min(e => (DateTimeOffset?)e.ReceivedAt));
                shipment.Status.ShouldBe(end is null ? ShipmentStatus.Active : ShipmentStatus.EndedBy(end.Type));
            },
            iter: 150, threads: 1);

    [Fact]
    public Task Group_gives_the_same_states_as_its_events_one_by_one()
        => Gen.Select(AnyEvent, Gen.Int[0, 2]).Array[1, 12].SampleAsync(
            async group =>
            {
                var n = Interlocked.Increment(ref _shipments);
                EventEntity[] Named(string name)
                    => [.. group.Select(one => one.Item1 with { ShipmentId = $"{name}-{n}-{one.Item2}" })];

                var together = await _store.ApplyAsync(Named("group"));

                var alone = new List<ShipmentEntity>();
                foreach (var e in Named("alone")) alone.Add((await _store.ApplyAsync([e])).ShouldHaveSingleItem());
                together.Select(state => state with { Key = default })
                    .ShouldBe(alone.Select(state => state with { Key = default }));
                together.Select(state => state.Key.ShipmentId).ShouldBe(Named("group").Select(e => e.ShipmentId));
            },
            iter: 60, threads: 1);

    [Fact]
    public async Task Parallel_groups_lose_no_update()
    {
        var events = Enumerable.Range(0, 60)
            .Select(i => Event(i % 3 == 0 ? EventType.Cancelled : EventType.Updated, 59 - i, $"dhl.{i}"))
            .Select((e, i) => e with { ShipmentId = $"sh-{i % 5}" }).ToArray();

        await Task.WhenAll(events.Chunk(12).Select(group => Task.Run(() => _store.ApplyAsync(group))));

        foreach (var shipment in events.GroupBy(e => e.ShipmentId))
        {
            var state = await FindAsync(shipment.Key);
            state.LastEventAt.ShouldBe(shipment.Max(e => e.OccurredAt));
            state.End.ShouldBe(shipment.Select(ShipmentEntity.EndOf).OfType<string>().Min(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Parallel_updates_of_one_shipment_lose_no_update()
    {
        var events = Enumerable.Range(0, 30)
            .Select(i => Event(i % 3 == 0 ? EventType.Cancelled : EventType.Updated, 29 - i, $"dhl.{i}")).ToArray();

        await Task.WhenAll(events.Select(e => Task.Run(() => ApplyAsync("sh", e))));

        var shipment = await FindAsync("sh");
        shipment.LastEventAt.ShouldBe(events[0].OccurredAt);
        shipment.End.ShouldBe(ShipmentEntity.PositionOf(events[27]));
        shipment.Status.ShouldBe(ShipmentStatus.Cancelled);
    }

    [Fact]
    [Trait("Defect", "B24")]
    public async Task First_event_creates_the_shipment_and_its_merchant_stays()
    {
        await ApplyAsync("sh", Event(EventType.Updated, 1, "dhl.1"));

        var shipment = await ApplyAsync("sh", Event(EventType.Updated, 2, "dhl.2") with { MerchantId = "another" });

        shipment.MerchantId.ShouldBe("m-1");
        shipment.Key.ShouldBe(new ShipmentKey("dhl", "sh"));
        shipment.Status.ShouldBe(ShipmentStatus.Active);
    }

    [Fact]
    public async Task Applied_event_survives_a_restart()
    {
        var applied = await ApplyAsync("sh", Event(EventType.Delivered, 1, "dhl.1"));

        await _store.ReopenAsync();

        (await FindAsync("sh")).ShouldBe(applied);
    }

    [Fact]
    public async Task Unknown_shipment_is_not_found()
        => (await _store.ShipmentAsync("sh")).ShouldBeNull();

    [Theory]
    [MemberData(nameof(AcceptedEvents.HostileIds), MemberType = typeof(AcceptedEvents))]
    public async Task Every_shipment_id_has_its_own_shipment(string id)
    {
        await ApplyAsync("another", Event(EventType.Delivered, 0, "dhl.1"));

        (await ApplyAsync(id, Event(EventType.Updated, 1, "dhl.2"))).Status.ShouldBe(ShipmentStatus.Active);

        (await FindAsync(id)).Key.ShipmentId.ShouldBe(id);
    }

    [Fact]
    public async Task Couriers_with_the_same_number_have_shipments_of_their_own()
    {
        await ApplyAsync("1001", Event(EventType.Delivered, 1, "dhl.1") with { MerchantId = "m-9" });

        var other = await ApplyAsync("1001", Event(EventType.Created, 2, "aramex.1"));

        (other.Status, other.MerchantId, other.Key.ShippingCompanyId).ShouldBe((ShipmentStatus.Active, "m-1", "aramex"));
        (await FindAsync("1001")).Status.ShouldBe(ShipmentStatus.Completed);
    }

    [Fact]
    public async Task Reopened_shipment_is_not_ended_again_by_what_was_received_before()
    {
        var end = Event(EventType.Delivered, 1, "dhl.1") with { ReceivedAt = _store.Time.GetUtcNow() };
        await ApplyAsync("sh", end);
        _store.Time.Advance(TimeSpan.FromMinutes(1));

        var reopened = (await _store.Shipments.ReopenAsync(new ShipmentKey("dhl", "sh"))).ShouldNotBeNull();

        (reopened.Cycle, reopened.Since, reopened.Status).ShouldBe((2, _store.Time.GetUtcNow(), ShipmentStatus.Active));
        (await ApplyAsync("sh", end)).ShouldBe(reopened);
        (await FindAsync("sh")).ShouldBe(reopened);
        (await _store.Shipments.ReopenAsync(new ShipmentKey("aramex", "sh"))).ShouldBeNull();
    }

    [Fact]
    public async Task Event_long_after_the_end_begins_a_new_cycle_in_one_write()
    {
        var ended = await ApplyAsync("sh", Event(EventType.Delivered, 1, "dhl.1"));
        var e = Event(EventType.Created, 1440 * 61, "dhl.2") with { ReceivedAt = Noon.AddDays(61), MerchantId = "m-2" };

        var next = await ApplyAsync("sh", e);

        (next.Cycle, next.Since, next.MerchantId, next.Status, next.End).ShouldBe(
            (2, ended.EndReceivedAt + StoreHarness.NewCycleAfter, "m-2", ShipmentStatus.Active, null));
        (await FindAsync("sh")).ShouldBe(next);
    }

    private static EventEntity Event(EventType type, int minute, string key) => new()
    {
        Key = new EventKey(key.Split('.')[0], key.Split('.')[1]),
        MerchantId = "m-1",
        ShipmentId = "",
        Type = type,
        OccurredAt = Noon.AddMinutes(minute),
        ReceivedAt = Noon,
    };

    private async Task<ShipmentEntity> FindAsync(string shipmentId)
        => (await _store.ShipmentAsync(shipmentId)).ShouldNotBeNull();

    private async Task<ShipmentEntity> ApplyAsync(string shipmentId, params EventEntity[] events)
    {
        ShipmentEntity? state = null;
        foreach (var e in events)
            state = (await _store.ApplyAsync([e with { ShipmentId = shipmentId }])).ShouldHaveSingleItem();
        return state.ShouldNotBeNull();
    }
}
