using CsCheck;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Contracts.ShipmentRepository;

/// <summary>A shipment is computed from the set of its events, in every store.</summary>
public abstract class ShipmentRepositoryContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 25, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<EventEntity> AnyEvent = Gen.Select(
        Gen.Enum<EventType>(), Gen.Int[0, 4], Gen.Bool.Select(isDhl => isDhl ? "dhl" : "aramex"), Gen.Int[0, 9],
        (type, minute, company, id) => Event(type, minute, $"{company}.{id}"));

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

                var end = events.Where(e => e.Type is EventType.Delivered or EventType.Cancelled)
                    .OrderBy(e => e.OccurredAt).ThenBy(e => e.Type).ThenBy(e => e.Key.ToString(), StringComparer.Ordinal)
                        .FirstOrDefault();
                shipment.LastEventAt.ShouldBe(events.Max(e => e.OccurredAt));
                shipment.End.ShouldBe(end is null ? null : ShipmentEntity.PositionOf(end));
                shipment.Status.ShouldBe(end?.Type switch
                {
                    EventType.Delivered => ShipmentStatus.Completed,
                    EventType.Cancelled => ShipmentStatus.Cancelled,
                    _ => ShipmentStatus.Active,
                });
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

                var together = await _store.Shipments.ApplyAsync(Named("group"));

                var alone = new List<ShipmentEntity>();
                foreach (var e in Named("alone")) alone.Add((await _store.Shipments.ApplyAsync([e])).ShouldHaveSingleItem());
                together.Select(state => state with { ShipmentId = "" })
                    .ShouldBe(alone.Select(state => state with { ShipmentId = "" }));
                together.Select(state => state.ShipmentId).ShouldBe(Named("group").Select(e => e.ShipmentId));
            },
            iter: 60, threads: 1);

    [Fact]
    public async Task Event_is_not_late_because_the_end_of_its_shipment_is_in_its_group()
    {
        EventEntity[] group =
            [Event(EventType.Created, 1, "dhl.1"), Event(EventType.Delivered, 10, "dhl.2"), Event(EventType.Updated, 9, "dhl.3")];

        var states = await _store.Shipments.ApplyAsync([.. group.Select(e => e with { ShipmentId = "sh" })]);

        states.Zip(group, (state, e) => state.DecisionFor(e))
            .ShouldBe([RoutingDecision.Route, RoutingDecision.Route, RoutingDecision.Late]);
    }

    [Fact]
    public async Task Parallel_groups_lose_no_update()
    {
        var events = Enumerable.Range(0, 60)
            .Select(i => Event(i % 3 == 0 ? EventType.Cancelled : EventType.Updated, 59 - i, $"dhl.{i}"))
            .Select((e, i) => e with { ShipmentId = $"sh-{i % 5}" }).ToArray();

        await Task.WhenAll(events.Chunk(12).Select(group => Task.Run(() => _store.Shipments.ApplyAsync(group))));

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
        shipment.ShipmentId.ShouldBe("sh");
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
        => (await _store.Shipments.FindAsync("sh", CancellationToken.None)).ShouldBeNull();

    [Theory]
    [MemberData(nameof(AcceptedEvents.HostileIds), MemberType = typeof(AcceptedEvents))]
    public async Task Every_shipment_id_has_its_own_shipment(string id)
    {
        await ApplyAsync("another", Event(EventType.Delivered, 0, "dhl.1"));

        (await ApplyAsync(id, Event(EventType.Updated, 1, "dhl.2"))).Status.ShouldBe(ShipmentStatus.Active);

        (await FindAsync(id)).ShipmentId.ShouldBe(id);
    }

    [Theory]
    [Trait("Defect", "B10")]
    [InlineData(EventType.Updated, 9, RoutingDecision.Late)]
    [InlineData(EventType.Created, 10, RoutingDecision.Late)]
    [InlineData(EventType.Cancelled, 10, RoutingDecision.Late)]
    [InlineData(EventType.Delivered, 9, RoutingDecision.Route)]
    [InlineData(EventType.Cancelled, 9, RoutingDecision.Route)]
    [InlineData(EventType.Updated, 11, RoutingDecision.ShipmentEnded)]
    [InlineData(EventType.Delivered, 11, RoutingDecision.ShipmentEnded)]
    [InlineData(EventType.Cancelled, 11, RoutingDecision.ShipmentEnded)]
    public async Task End_of_a_shipment_decides_on_events_before_and_after_it(object type, int minute, object decision)
    {
        var e = Event((EventType)type, minute, "dhl.2");
        await ApplyAsync("sh", Event(EventType.Delivered, 10, "dhl.1"));

        (await ApplyAsync("sh", e)).DecisionFor(e).ShouldBe((RoutingDecision)decision);
    }

    [Fact]
    public async Task Repeated_end_of_a_shipment_is_routed()
    {
        var end = Event(EventType.Delivered, 10, "dhl.1");
        (await ApplyAsync("sh", end)).DecisionFor(end).ShouldBe(RoutingDecision.Route);

        (await ApplyAsync("sh", Event(EventType.Updated, 12, "dhl.2"), end)).DecisionFor(end).ShouldBe(RoutingDecision.Route);
    }

    [Fact]
    public async Task End_that_an_earlier_one_replaces_is_after_the_end()
    {
        var end = Event(EventType.Delivered, 10, "dhl.1");

        var shipment = await ApplyAsync("sh", end, Event(EventType.Cancelled, 9, "dhl.2"), end);

        shipment.Status.ShouldBe(ShipmentStatus.Cancelled);
        shipment.DecisionFor(end).ShouldBe(RoutingDecision.ShipmentEnded);
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
        => (await _store.Shipments.FindAsync(shipmentId, CancellationToken.None)).ShouldNotBeNull();

    private async Task<ShipmentEntity> ApplyAsync(string shipmentId, params EventEntity[] events)
    {
        ShipmentEntity? state = null;
        foreach (var e in events)
            state = (await _store.Shipments.ApplyAsync([e with { ShipmentId = shipmentId }])).ShouldHaveSingleItem();
        return state.ShouldNotBeNull();
    }
}
