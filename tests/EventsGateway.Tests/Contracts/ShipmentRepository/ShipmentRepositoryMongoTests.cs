using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Tests.Contracts.ShipmentRepository;

public sealed class ShipmentRepositoryMongoTests : ShipmentRepositoryContract
{
    private readonly MongoStore _store;

    public ShipmentRepositoryMongoTests()
        : this(new MongoStore())
    {
    }

    private ShipmentRepositoryMongoTests(MongoStore store)
        : base(store) => _store = store;

    [Theory]
    [InlineData("COMPLETED")]
    [InlineData("CANCELLED")]
    public async Task Shipment_that_the_original_ended_has_ended_before_every_event(string status)
    {
        await _store.ShipmentRows.InsertOneAsync(OriginalRows.Shipment("sh", status, "m-2"));

        foreach (var type in Enum.GetValues<EventType>().Except([EventType.Unknown]))
        {
            var e = Event(type);
            var shipment = (await _store.ApplyAsync([e])).ShouldHaveSingleItem();
            shipment.Status.ShouldBe(status);
            shipment.End.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Shipment_that_a_query_answers_twice_is_one_shipment()
    {
        await _store.ApplyAsync([Event(EventType.Created)]);
        // Without its unique index the collection can hold what a query may answer beside writes.
        await _store.ShipmentRows.Indexes.DropAllAsync();
        var row = await _store.ShipmentRows.Find(new BsonDocument()).SingleAsync();
        await _store.ShipmentRows.InsertOneAsync(new BsonDocument(row.Where(field => field.Name != "_id")));

        (await _store.ApplyAsync([Event(EventType.Delivered)])).ShouldHaveSingleItem().Status.ShouldBe("COMPLETED");
    }

    [Fact]
    public async Task Index_that_an_earlier_version_has_created_again_stops_no_courier()
    {
        await _store.ApplyAsync([Event(EventType.Created)]);
        await _store.ShipmentRows.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(
            new BsonDocument("shipmentId", 1), new CreateIndexOptions { Unique = true }));

        await _store.ApplyAsync([Event(EventType.Created) with { Key = new EventKey("aramex", "1") }]);

        (await _store.ShipmentRows.Find(new BsonDocument()).ToListAsync())
            .Select(row => row["shippingCompanyId"].AsString).ShouldBe(["dhl", "aramex"], ignoreOrder: true);
    }

    [Fact]
    public async Task Status_that_is_not_known_is_kept()
    {
        await _store.ShipmentRows.InsertOneAsync(OriginalRows.Shipment("sh", "ON_HOLD", "m-2").Add("shippingCompanyId", "dhl"));

        (await _store.ApplyAsync([Event(EventType.Delivered)])).ShouldHaveSingleItem().Status.ShouldBe("ON_HOLD");

        (await _store.ShipmentRows.Find(new BsonDocument()).SingleAsync())["status"].ShouldBe("ON_HOLD");
    }

    [Fact]
    public async Task Shipment_without_a_courier_belongs_to_the_first_event_of_its_merchant()
    {
        await _store.ShipmentRows.InsertOneAsync(OriginalRows.Shipment("sh", "ACTIVE", "m-2"));
        var foreign = Event(EventType.Created) with { Key = new EventKey("aramex", "1"), MerchantId = "m-3" };

        await _store.ApplyAsync([foreign, Event(EventType.Created)]);
        await _store.ApplyAsync([foreign with { MerchantId = "m-2" }]);

        (await _store.ShipmentRows.Find(new BsonDocument()).ToListAsync())
            .Select(row => (row["shippingCompanyId"].AsString, row["merchantId"].AsString))
            .ShouldBe([("dhl", "m-2"), ("aramex", "m-3")], ignoreOrder: true);
    }

    [Fact]
    public async Task Shipment_that_the_original_left_open_is_continued()
    {
        await _store.ShipmentRows.InsertOneAsync(OriginalRows.Shipment("sh", "ACTIVE", "m-2"));

        var shipment = (await _store.ApplyAsync([Event(EventType.Delivered)])).ShouldHaveSingleItem();

        shipment.Status.ShouldBe(ShipmentStatus.Completed);
        shipment.MerchantId.ShouldBe("m-2");
        shipment.LastEventAt.ShouldBe(Event(EventType.Delivered).OccurredAt);
        var row = await _store.ShipmentRows.Find(new BsonDocument("shipmentId", "sh")).SingleAsync();
        row["status"].ShouldBe("COMPLETED");
        row["createdAt"].ShouldBe(OriginalRows.Date(0));
        row["updatedAt"].ShouldNotBe(OriginalRows.Date(0));
    }

    [Fact]
    public async Task Parallel_first_events_of_one_shipment_make_one_document()
    {
        await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => Task.Run(() => _store.ApplyAsync([Event(EventType.Created)]))));

        (await _store.ShipmentRows.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty)).ShouldBe(1);
    }

    [Fact]
    public async Task Event_that_the_store_rejects_is_not_a_backend_fault_and_the_others_are_applied()
    {
        await _store.Raw!.CreateCollectionAsync(
            "shipments",
            new CreateCollectionOptions<BsonDocument>
            {
                Validator = new BsonDocument("merchantId", new BsonDocument("$ne", "rejected")),
            });
        EventEntity[] group =
        [
            Event(EventType.Created), Event(EventType.Created) with { ShipmentId = "rejected", MerchantId = "rejected" },
            Event(EventType.Updated) with { ShipmentId = "sh-2" },
        ];

        await Should.ThrowAsync<InvalidOperationException>(_store.ApplyAsync(group));

        (await _store.ShipmentRows.DistinctAsync<string>("shipmentId", FilterDefinition<BsonDocument>.Empty)).ToList()
            .ShouldBe(["sh", "sh-2"], ignoreOrder: true);
        (await _store.ApplyAsync([group[0], group[2]])).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Shipment_that_is_removed_meanwhile_does_not_affect_the_others()
    {
        EventEntity[] group = [Event(EventType.Delivered), Event(EventType.Created) with { ShipmentId = "sh-2" }];
        using var enough = new CancellationTokenSource();
        var taking = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                await _store.ShipmentRows.DeleteOneAsync(new BsonDocument("shipmentId", "sh"));
        });

        for (var round = 0; round < 100; round++)
        {
            var states = await _store.ApplyAsync(group);
            states.Select(state => (state.Key.ShipmentId, state.Status))
                .ShouldBe([("sh", ShipmentStatus.Completed), ("sh-2", ShipmentStatus.Active)]);
        }

        await enough.CancelAsync();
        await taking;
    }

    private static EventEntity Event(EventType type) => new()
    {
        Key = new EventKey("dhl", type.Text()), MerchantId = "m-2", ShipmentId = "sh", Type = type,
        OccurredAt = OriginalRows.WrittenAt.AddYears(-1), ReceivedAt = OriginalRows.WrittenAt,
    };
}
