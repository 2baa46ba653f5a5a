using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Tests.Contracts.EventErasure;

public sealed class EventErasureMongoTests : EventErasureContract
{
    private readonly MongoStore _store;
    private readonly RemovalFixture _fixture;

    public EventErasureMongoTests()
        : this(new MongoStore())
    {
    }

    private EventErasureMongoTests(MongoStore store)
        : base(store) => (_store, _fixture) = (store, new RemovalFixture(store));

    [Fact]
    public async Task Erased_row_keeps_its_key_alone_and_is_deleted_later()
    {
        await _fixture.SettledAsync(AttemptOutcomeKind.Failed);

        await EraseAsync();

        var row = await _store.Rows.Find(new BsonDocument()).SingleAsync();
        row.Names.ShouldBe(["_id", "shippingCompanyId", "eventId", "status", "outcome", "purgedAt", "removal"],
            ignoreOrder: true);
        await _store.EndRemovalsAsync();
        (await _store.Rows.CountDocumentsAsync(new BsonDocument())).ShouldBe(0);
    }

    [Fact]
    public async Task Insert_that_missed_the_tombstone_requeues_nothing()
    {
        var e = await _fixture.SettledAsync(AttemptOutcomeKind.Failed);
        await EraseAsync();

        var added = await EventInserts.AddAsync(
            _store.Rows, [AcceptedEvents.Resent(e)], _store.Time.GetUtcNow().ToUnixTimeMilliseconds(), CancellationToken.None);

        added.ShouldHaveSingleItem().Result.ShouldBe(AddResult.Duplicate);
        (await _fixture.ClaimAllAsync()).ShouldBeEmpty();
        (await _fixture.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Dead_letter_is_erased_with_its_event()
    {
        await _fixture.SettledAsync(AttemptOutcomeKind.Failed);

        await EraseAsync();

        (await _store.Outbox.ClaimAsync(10, TimeSpan.FromSeconds(30))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rows_of_the_original_are_erased()
    {
        await _store.Rows.InsertOneAsync(
            new BsonDocument { { "eventId", "1" }, { "shipmentId", "sh-1" }, { "status", "processed" } });

        (await EraseAsync()).ShouldBe(new Erased(1, 0, 0));

        (await _store.Rows.CountDocumentsAsync(new BsonDocument())).ShouldBe(0);
    }

    [Fact]
    public async Task Shipment_with_events_after_its_erasure_stays()
    {
        var claimed = await _fixture.ClaimedAsync();
        await EraseAsync();
        await _fixture.PendingAsync();
        await _store.ApplyAsync([claimed.Event]);

        await _store.EndRemovalsAsync();

        (await _store.ShipmentAsync("sh-1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Shipment_that_a_later_event_has_written_stays_without_the_row_of_that_event()
    {
        var claimed = await _fixture.ClaimedAsync();
        await EraseAsync();
        _store.Time.Advance(TimeSpan.FromMinutes(2));
        await _store.ApplyAsync([claimed.Event with { Key = new EventKey("dhl", "later") }]);

        await _store.EndRemovalsAsync();

        (await _store.ShipmentAsync("sh-1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Shipment_of_another_merchant_stays_after_an_attempt_of_the_erased_one()
    {
        var claimed = await _fixture.ClaimedAsync();
        await _store.ApplyAsync([claimed.Event with { Key = new EventKey("dhl", "theirs"), MerchantId = "m-2" }]);
        await _store.Erasure.EraseAsync(new ErasureSubject(null, "m-1"), 10_000);
        await _store.ApplyAsync([claimed.Event]);

        await _store.EndRemovalsAsync();

        (await _store.ShipmentAsync("sh-1"))!.MerchantId.ShouldBe("m-2");
    }

    [Fact]
    public async Task Shipments_that_running_attempts_have_written_again_are_erased_at_the_end()
    {
        await _store.Events.AddAsync([.. _fixture.NewEvents.Take(500).Select(e => e with { MerchantId = "m-1" })]);
        var claimed = await _fixture.ClaimAllAsync();
        await _store.Erasure.EraseAsync(new ErasureSubject(null, "m-1"), 10_000);
        await _store.ApplyAsync([.. claimed.Select(one => one.Event)]);

        await _store.EndRemovalsAsync();

        (await _store.ShipmentRows.CountDocumentsAsync(new BsonDocument())).ShouldBe(0);
    }

    [Fact]
    public async Task Processes_that_purge_one_event_at_the_same_moment_both_succeed()
    {
        var rows = _fixture.NewEvents.Take(100).Select(e => EventDocument.New(e, 0)).ToList();

        await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => Task.Run(() => Tombstones.PurgeAsync(_store.Raw!, rows, 0, CancellationToken.None))));

        (await Tombstones.All(_store.Raw!).CountDocumentsAsync(new BsonDocument())).ShouldBe(100);
    }

    private Task<Erased> EraseAsync() => _store.Erasure.EraseAsync(new ErasureSubject("sh-1", null), 10_000);
}
