using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Errors;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonFields;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>The documents and the unique index of the version before.</summary>
public sealed class ShipmentMigrationMongoTests : ShipmentMigrationContract
{
    private readonly MongoStore _store;

    public ShipmentMigrationMongoTests()
        : this(new MongoStore())
    {
    }

    private ShipmentMigrationMongoTests(MongoStore store)
        : base(store) => _store = store;

    [Fact]
    public async Task Two_processes_leave_one_unique_index_of_courier_and_number()
    {
        await Task.WhenAll(_store.Events.ProbeAsync(), _store.Another().Events.ProbeAsync());

        (await Indexes.UniqueAsync(_store.ShipmentRows, CancellationToken.None, "shipmentId")).ShouldBeEmpty();
        (await Indexes.UniqueAsync(_store.ShipmentRows, CancellationToken.None, ShipmentSchema.Key)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Shipment_that_the_original_ended_was_received_when_it_was_written()
    {
        await _store.ShipmentRows.InsertOneAsync(OriginalRows.Shipment("nest", "COMPLETED"));
        await _store.Rows.InsertOneAsync(Row(new OldReceipt(new EventKey("dhl", "nest"), "nest", Now)));

        var shipment = (await _store.ShipmentAsync("nest")).ShouldNotBeNull();

        (shipment.End, shipment.EndReceivedAt, shipment.Status)
            .ShouldBe((null, OriginalRows.WrittenAt, ShipmentStatus.Completed));
        (await _store.ShipmentRows.Find(new BsonDocument("shipmentId", "nest")).SingleAsync())["endReceivedAt"]
            .ShouldBe(OriginalRows.Date(0));
    }

    [Fact]
    public async Task Worker_is_not_ready_while_one_of_the_version_before_holds_a_claim()
    {
        var claim = new BsonDocument { { "claim", new BsonDocument("token", Id(Guid.NewGuid())) },
            { "dueAt", Date(DateTimeOffset.UtcNow.AddSeconds(30)) } };
        await _store.Rows.UpdateOneAsync(new BsonDocument("eventId", "2"), new BsonDocument("$set", claim));

        (await Should.ThrowAsync<BackendUnavailableException>(_store.Events.ProbeAsync)).Message
            .ShouldContain("a worker of an earlier version still processes events");

        await _store.Rows.UpdateOneAsync(
            new BsonDocument("eventId", "2"), new BsonDocument("$unset", new BsonDocument("claim", "")));
        await _store.Events.ProbeAsync();
    }

    /// <summary>
    /// One that was idle at the start of the first new one: its next claim names an index that is gone, and it treats that as a
    /// database that was replaced, and creates its indexes again. A restarted one does so at once.
    /// </summary>
    [Fact]
    public async Task Worker_of_the_version_before_can_neither_claim_nor_start()
    {
        var due = new BsonDocument("dueAt", new BsonDocument("$exists", true));
        var ofVersion1 = new CreateIndexModel<BsonDocument>(
            new BsonDocument("dueAt", 1),
            new CreateIndexOptions<BsonDocument> { Name = "gateway_due", PartialFilterExpression = due });
        await _store.Rows.Indexes.CreateOneAsync(ofVersion1);
        await ClaimAsync();

        await _store.Events.ProbeAsync();

        (await Should.ThrowAsync<MongoCommandException>(ClaimAsync)).Code.ShouldBe(2);
        (await Should.ThrowAsync<MongoCommandException>(() => _store.Rows.Indexes.CreateOneAsync(ofVersion1)))
            .Code.ShouldBe(85);
        await _store.Another().Events.ProbeAsync();

        Task ClaimAsync() => _store.Rows.Find(due, new FindOptions { Hint = "gateway_due" }).ToListAsync();
    }

    private protected override async Task WriteAsync(IReadOnlyList<OldShipment> shipments, IReadOnlyList<OldReceipt> events)
    {
        await _store.PrepareAsync();
        await _store.ShipmentRows.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(new BsonDocument("shipmentId", 1), new CreateIndexOptions { Unique = true }));
        await _store.ShipmentRows.InsertManyAsync(shipments.Select(shipment => new BsonDocument
        {
            { "shipmentId", shipment.Id }, { "status", shipment.Status }, { "merchantId", "m-1" },
            { "lastEventAt", Date(Ended) }, { "createdAt", Date(Ended) }, { "updatedAt", Date(Ended) },
            { "end", shipment.End, shipment.End is not null },
        }));
        await _store.Rows.InsertManyAsync(events.Select(Row));
    }

    private static BsonDocument Row(OldReceipt e) => new()
    {
        { "shippingCompanyId", e.Key.ShippingCompanyId }, { "eventId", e.Key.EventId }, { "merchantId", "m-1" },
        { "shipmentId", e.ShipmentId }, { "type", "SHIPMENT_DELIVERED" }, { "status", "processed" },
        { "occurredAt", Date(Ended) }, { "receivedAt", Date(e.ReceivedAt) }, { "createdAt", Date(e.ReceivedAt) },
        { "body", "{}"u8.ToArray() }, { "acceptIds", new BsonArray() }, { "generation", 1 }, { "requeuedAt", Date(e.ReceivedAt) },
    };
}
