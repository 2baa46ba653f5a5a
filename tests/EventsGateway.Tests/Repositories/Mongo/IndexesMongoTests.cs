using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Tests.Repositories.Mongo;

/// <summary>
/// Indexes are created in every environment (R11). If an index cannot be created, the error names the cause and the setting.
/// </summary>
public sealed class IndexesMongoTests : IAsyncLifetime
{
    private readonly MongoStore _store = new();
    private readonly AcceptedEvents _newEvents;

    public IndexesMongoTests() => _newEvents = new AcceptedEvents(_store.Time);

    public static TheoryData<string> Lists { get; } = new(
        "", "status", "shipmentId", "merchantId", "shippingCompanyId", "eventId", "type", "range", "cursor");

    public async ValueTask InitializeAsync() => await _store.PrepareAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    [Trait("Defect", "R11")]
    public async Task First_use_creates_the_indexes()
    {
        await _store.OpenAsync();
        await _store.Events.ProbeAsync();

        var unique = (await IndexesAsync(_store.Rows)).Where(index => index.GetValue("unique", false).ToBoolean())
            .ShouldHaveSingleItem();
        unique["key"].AsBsonDocument.Names.ShouldBe(["shippingCompanyId", "eventId"]);
        (await IndexesAsync(_store.ShipmentRows)).Count(index => index.GetValue("unique", false).ToBoolean()).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Every_list_uses_an_index(string list)
    {
        await _store.OpenAsync();
        await _store.Events.AddAsync(_newEvents.Take(200));
        var at = _store.Time.GetUtcNow();
        var filter = new EventFilterQuery(list switch
        {
            "status" => new EventFilter { Status = EventStatus.Failed },
            "shipmentId" => new EventFilter { ShipmentId = "a" },
            "merchantId" => new EventFilter { MerchantId = "a" },
            "shippingCompanyId" => new EventFilter { ShippingCompanyId = "a" },
            "eventId" => new EventFilter { EventId = "a" },
            "type" => new EventFilter { Type = EventType.Created },
            "range" => new EventFilter { From = at, To = at.AddDays(1) },
            _ => new EventFilter(),
        });
        if (list == "cursor") filter.After(new EventCursor(at, new EventKey("dhl", "evt-00007")));

        await ShouldUseAnIndexAsync(
            new BsonDocument { { "find", "events" }, { "filter", filter.Query }, { "sort", EventFilterQuery.NewestFirst },
                { "limit", 50 } });
    }

    [Theory]
    [InlineData(ClaimOrder.Oldest)]
    [InlineData(ClaimOrder.Random)]
    [InlineData(ClaimOrder.Isolated)]
    [Trait("Defect", "B18")]
    public async Task Each_claim_order_uses_its_index(object order)
    {
        await _store.OpenAsync();
        await _store.Events.AddAsync(_newEvents.Take(200));
        var (query, sort, index) = EventConditions.Claimable((ClaimOrder)order, _store.Time.GetUtcNow().ToUnixTimeMilliseconds());

        await ShouldUseAnIndexAsync(
            new BsonDocument { { "find", "events" }, { "filter", query }, { "sort", sort }, { "limit", 5 }, { "hint", index } });
    }

    [Fact]
    public async Task Query_by_key_uses_an_index()
    {
        await _store.OpenAsync();
        await _store.Events.AddAsync(_newEvents.Take(200));

        await ShouldUseAnIndexAsync(
            new BsonDocument { { "find", "events" }, { "filter", EventConditions.Of(new EventKey("dhl", "1")) } });
    }

    [Fact]
    public async Task Processes_that_start_together_create_the_indexes_together()
    {
        await _store.Rows.InsertManyAsync(Enumerable.Range(0, 200).Select(i => OriginalRows.N2($"{i}", $"sh-{i}")));
        await _store.OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _store.Another().Events)
            .Select(events => Task.Run(events.ProbeAsync)));

        (await IndexesAsync(_store.Rows)).ShouldContain(index => index["name"] == EventSchema.EventIdIndex);
    }

    [Fact]
    public async Task Other_indexes_of_the_original_do_not_conflict()
    {
        foreach (var fields in new[] { "{shipmentId:1}", "{status:1}", "{eventId:1,status:1}", "{shipmentId:1,status:1}" })
            await _store.Rows.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(BsonDocument.Parse(fields)));
        await UniqueAsync(_store.ShipmentRows, "shipmentId");
        await _store.OpenAsync();

        await _store.Events.ProbeAsync();
    }

    private static Task<string> UniqueAsync(IMongoCollection<BsonDocument> collection, string field)
        => collection.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(new BsonDocument(field, 1), new CreateIndexOptions { Unique = true }));

    private static async Task<List<BsonDocument>> IndexesAsync(IMongoCollection<BsonDocument> collection)
        => await (await collection.Indexes.ListAsync()).ToListAsync();

    private async Task ShouldUseAnIndexAsync(BsonDocument find)
    {
        await _store.Events.ProbeAsync();
        var plan = await _store.Raw!.RunCommandAsync<BsonDocument>(
            new BsonDocument { { "explain", find }, { "verbosity", "queryPlanner" } });
        var winner = plan["queryPlanner"]["winningPlan"].ToString()!;
        winner.ShouldContain("IXSCAN");
        winner.ShouldNotContain("COLLSCAN");
    }
}
