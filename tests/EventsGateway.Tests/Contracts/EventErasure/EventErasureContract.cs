using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventErasure;

/// <summary>How every store forgets a shipment, or a merchant, on an operator's order.</summary>
public abstract class EventErasureContract : IAsyncLifetime
{
    private static readonly ErasureSubject Shipment = new("sh-1", null);
    private static readonly ErasureSubject Merchant = new(null, "m-1");

    private readonly StoreHarness _store;
    private readonly RemovalFixture _fixture;

    private protected EventErasureContract(StoreHarness store) => (_store, _fixture) = (store, new RemovalFixture(store));

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Events_of_a_shipment_are_erased_in_each_status_and_others_stay()
    {
        var other = await _fixture.SettledAsync(AttemptOutcomeKind.Completed, shipment: "sh-2");
        var processed = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        var failed = await _fixture.SettledAsync(AttemptOutcomeKind.Failed);
        var claimed = await _fixture.ClaimedAsync();
        var pending = await _fixture.PendingAsync();

        (await EraseAsync(Shipment)).Events.ShouldBe(4);

        await ShouldBeGoneAsync();
        await _store.EndRemovalsAsync();
        await ShouldBeGoneAsync();

        async Task ShouldBeGoneAsync()
        {
            (await _fixture.ListAsync()).ShouldBe([other.Key]);
            foreach (var status in Enum.GetValues<EventStatus>())
                (await _fixture.ListAsync(new EventFilter { Status = status, ShipmentId = "sh-1" })).ShouldBeEmpty();
            foreach (var key in new[] { processed.Key, failed.Key, claimed.Event.Key, pending.Key })
                (await _fixture.FindAsync(key)).ShouldBeNull();

            (await _fixture.StoneAsync(processed.Key))!.Status.ShouldBe(EventStatus.Processed);
            foreach (var key in new[] { failed.Key, claimed.Event.Key, pending.Key })
                (await _fixture.StoneAsync(key))!.Status.ShouldBe(EventStatus.Failed);

            (await _fixture.ClaimAllAsync()).ShouldBeEmpty();
            var counts = await _fixture.CountsAsync();
            (counts.Accepted, counts.Pending, counts.Processed, counts.Failed).ShouldBe((5, 0, 2, 3));
        }
    }

    [Fact]
    public async Task Events_and_shipments_of_a_merchant_are_erased_and_others_stay()
    {
        await _fixture.SettledAsync(AttemptOutcomeKind.Completed, "sh-1", "m-1");
        await _fixture.SettledAsync(AttemptOutcomeKind.Failed, "sh-2", "m-1");
        var other = await _fixture.SettledAsync(AttemptOutcomeKind.Completed, "sh-3", "m-2");
        foreach (var (shipment, merchant) in new[] { ("sh-1", "m-1"), ("sh-2", "m-1"), ("sh-without-events", "m-1"),
            ("sh-3", "m-2") })
        {
            await ApplyAsync(shipment, merchant);
        }

        (await EraseAsync(Merchant)).ShouldBe(new Erased(2, 3, 0));

        (await _fixture.ListAsync()).ShouldBe([other.Key]);
        (await ShipmentAsync("sh-1")).ShouldBeNull();
        (await ShipmentAsync("sh-2")).ShouldBeNull();
        (await ShipmentAsync("sh-without-events")).ShouldBeNull();
        (await ShipmentAsync("sh-3")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Running_attempt_of_an_erased_event_loses_its_claim_and_leaves_nothing()
    {
        var claimed = await _fixture.ClaimedAsync();
        await EraseAsync(Shipment);

        await _store.ApplyAsync([claimed.Event]);
        (await _fixture.EndAsync(claimed, AttemptOutcomeKind.Completed)).ShouldBeFalse();

        await _store.EndRemovalsAsync();
        (await _fixture.FindAsync(claimed.Event.Key)).ShouldBeNull();
        (await ShipmentAsync("sh-1")).ShouldBeNull();
        (await _fixture.CountsAsync()).Failed.ShouldBe(1);
    }

    [Fact]
    public async Task Attempt_that_began_during_the_erasure_leaves_nothing()
    {
        var pending = await _fixture.PendingAsync();
        var found = (await _fixture.FindAsync(pending.Key)).ShouldNotBeNull();
        await EraseAsync(Shipment);

        await _store.ApplyAsync([found]);

        await _store.EndRemovalsAsync();
        (await ShipmentAsync("sh-1")).ShouldBeNull();
    }

    [Fact]
    public async Task Trimmed_shipment_stays_while_another_merchant_has_events_of_it()
    {
        await ApplyAsync("sh-1", "m-2", EventType.Delivered);
        await ApplyAsync("sh-2", "m-1", EventType.Delivered);
        _store.Time.Advance(TimeSpan.FromDays(31));
        (await _store.PurgeOnceAsync(
            new RetentionAges(TimeSpan.FromDays(30), TimeSpan.FromDays(400), TimeSpan.FromDays(400)))).Trimmed.ShouldBe(2);
        await _fixture.SettledAsync(AttemptOutcomeKind.Failed, "sh-1", "m-2");
        await _fixture.SettledAsync(AttemptOutcomeKind.Failed, "sh-1", "m-1");
        await _fixture.SettledAsync(AttemptOutcomeKind.Failed, "sh-2", "m-1");

        (await EraseAsync(Merchant)).ShouldBe(new Erased(2, 1, 0));

        await _store.EndRemovalsAsync();
        (await ShipmentAsync("sh-1")).ShouldNotBeNull();
        (await ShipmentAsync("sh-2")).ShouldBeNull();
    }

    [Theory]
    [InlineData(AttemptOutcomeKind.Completed)]
    [InlineData(AttemptOutcomeKind.Failed)]
    public async Task Late_copy_of_an_erased_event_is_a_duplicate_without_a_row(object end)
    {
        var e = await _fixture.SettledAsync((AttemptOutcomeKind)end);
        await EraseAsync(Shipment);
        (await _fixture.ResendAsync(e)).ShouldBe(new AddedEvent(AddResult.Duplicate, BodyDiffers: false));
        await _store.EndRemovalsAsync();

        (await _fixture.ResendAsync(e with { Body = "{}"u8.ToArray() }))
            .ShouldBe(new AddedEvent(AddResult.Duplicate, BodyDiffers: false));

        (await _fixture.ListAsync()).ShouldBeEmpty();
        (await _fixture.ClaimAllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Erased_event_is_not_replayed()
    {
        var e = await _fixture.SettledAsync(AttemptOutcomeKind.Failed);
        await EraseAsync(Shipment);

        (await _store.Events.RequeueAsync([e.Key], "mira")).Replayed.ShouldBe(0);
        (await _store.Events.RequeueAsync(new EventFilter(), 100, "mira")).Replayed.ShouldBe(0);

        (await _fixture.ClaimAllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task New_event_of_an_erased_shipment_is_added()
    {
        await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        await EraseAsync(Shipment);

        var next = await _fixture.PendingAsync();

        (await _fixture.ClaimAllAsync()).ShouldHaveSingleItem().Event.Key.ShouldBe(next.Key);
    }

    [Fact]
    public async Task Events_beyond_the_limit_of_a_call_remain()
    {
        for (var i = 0; i < 5; i++) await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        await ApplyAsync("sh-1", "m-1");

        var first = await _store.Erasure.EraseAsync(Merchant, atMost: 3);
        var second = await _store.Erasure.EraseAsync(Merchant, atMost: 3);

        (first.Events, first.Remaining).ShouldBe((3, 2));
        (second.Events, second.Remaining).ShouldBe((2, 0));
        (first.Shipments + second.Shipments).ShouldBe(1);
        (await EraseAsync(Merchant)).ShouldBe(default);
    }

    [Fact]
    public async Task One_call_erases_more_than_500_events()
    {
        await _store.Events.AddAsync([.. _fixture.NewEvents.Take(1100).Select(e => e with { MerchantId = "m-1" })]);

        (await EraseAsync(Merchant)).ShouldBe(new Erased(1100, 0, 0));

        await _store.EndRemovalsAsync();
        var counts = await _fixture.CountsAsync();
        (counts.Accepted, counts.Failed, counts.Removed).ShouldBe((1100, 1100, new RemovedCounts(0, 1100)));
    }

    [Fact]
    public async Task Event_that_retention_is_removing_is_erased_and_counts_once()
    {
        var e = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        await ApplyAsync("sh-1", "m-1", EventType.Delivered);
        _store.Time.Advance(TimeSpan.FromDays(31));
        await _store.PurgeOnceAsync(new RetentionAges(TimeSpan.FromDays(30), TimeSpan.FromDays(400), TimeSpan.FromDays(400)));

        await EraseAsync(Shipment);

        (await _fixture.FindAsync(e.Key)).ShouldBeNull();
        (await ShipmentAsync("sh-1")).ShouldBeNull();
        await _store.EndRemovalsAsync();
        var counts = await _fixture.CountsAsync();
        (counts.Accepted, counts.Processed, counts.Removed).ShouldBe((1, 1, new RemovedCounts(1, 0)));
    }

    [Theory]
    [MemberData(nameof(AcceptedEvents.HostileIds), MemberType = typeof(AcceptedEvents))]
    public async Task Any_id_can_be_erased_without_touching_others(string id)
    {
        await _fixture.PendingAsync(id);
        var other = await _fixture.PendingAsync("another");
        await ApplyAsync(id, "m-1");

        (await EraseAsync(new ErasureSubject(id, null))).ShouldBe(new Erased(1, 1, 0));

        (await _fixture.ListAsync()).ShouldBe([other.Key]);
    }

    [Fact]
    public async Task Containers_are_read_by_pages_with_their_bodies_and_erased_by_key()
    {
        await _fixture.PendingAsync();
        for (var i = 0; i < 5; i++) await _store.Events.AddAsync([Container($"a:{i}", body: [(byte)i])]);

        var first = await _store.Erasure.ContainersAsync("", 3, CancellationToken.None);
        var rest = await _store.Erasure.ContainersAsync("a:2", 3, CancellationToken.None);

        first.Select(one => (one.Key.EventId, one.Body.Span[0], one.Source)).ShouldBe(
            [("a:0", (byte)0, "a"), ("a:1", (byte)1, "a"), ("a:2", (byte)2, "a")]);
        rest.Select(one => one.Key.EventId).ShouldBe(["a:3", "a:4"]);

        EventKey[] erased = [first[0].Key, rest[1].Key, new EventKey(AcceptedEvent.ContainerCompany, "none")];
        (await _store.Erasure.EraseContainersAsync(erased)).ShouldBe(2);
        (await _store.Erasure.EraseContainersAsync(erased)).ShouldBe(0);

        (await _store.Erasure.ContainersAsync("", 9, CancellationToken.None)).Select(one => one.Key.EventId)
            .ShouldBe(["a:1", "a:2", "a:3"]);
        (await _fixture.FindAsync(erased[0])).ShouldBeNull();
        (await _fixture.StoneAsync(erased[0])).ShouldNotBeNull().Status.ShouldBe(EventStatus.Failed);
        (await _fixture.ResendAsync(Container("a:0", body: [0]))).Result.ShouldBe(AddResult.Duplicate);
        await _store.EndRemovalsAsync();
        var counts = await _fixture.CountsAsync();
        (counts.Failed, counts.Removed.Failed, counts.Pending).ShouldBe((5, 2, 1));
    }

    private AcceptedEvent Container(string id, byte[] body) => AcceptedEvent.Container(
        new EventKey(AcceptedEvent.ContainerCompany, id), body, _store.Time.GetUtcNow(), "a", "Map.Id is missing");

    private Task<Erased> EraseAsync(ErasureSubject subject) => _store.Erasure.EraseAsync(subject, 10_000);

    private Task<ShipmentEntity?> ShipmentAsync(string id) => _store.ShipmentAsync(id);

    private Task<IReadOnlyList<ShipmentEntity>> ApplyAsync(string shipment, string merchant, EventType type = EventType.Created)
        => _store.ApplyAsync(
    [
        new EventEntity
        {
            Key = new EventKey("dhl", $"apply-{shipment.Length}-{type}"), MerchantId = merchant, ShipmentId = shipment,
                Type = type,
            OccurredAt = _store.Time.GetUtcNow(), ReceivedAt = _store.Time.GetUtcNow(),
        },
    ]);
}
