using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.NestInterop;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Errors;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Tests.NestInterop;

/// <summary>
/// What the NestJS original left in the database must not stop our indexes; the error names the option that removes it.
/// </summary>
public sealed class LegacySchemaTests : IAsyncLifetime
{
    private readonly NestMongoStore _store = new();
    private readonly AcceptedEvents _events;

    public LegacySchemaTests() => _events = new AcceptedEvents(_store.Time);

    public async ValueTask InitializeAsync() => await _store.PrepareAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    [Trait("Defect", "B3")]
    public async Task A_unique_index_of_the_original_on_the_event_id_is_dropped_where_an_option_says_so()
    {
        await _store.Rows.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(new BsonDocument("eventId", 1), new CreateIndexOptions { Unique = true }));
        await _store.Rows.InsertOneAsync(OriginalRows.N2("1", "sh-1"));
        await _store.OpenAsync();

        var blocked = await Should.ThrowAsync<BackendUnavailableException>(_store.Events.ProbeAsync);
        blocked.Message.ShouldContain("eventId_1");
        blocked.Message.ShouldContain("Gateway:Mongo:DropLegacyIndexes=true");
        (await Should.ThrowAsync<BackendUnavailableException>(() => _store.Events.AddAsync([_events.Next()]))).Message.ShouldBe(
            blocked.Message);

        _store.Options.DropLegacyIndexes = true;
        await _store.ReopenAsync();
        var e = _events.Next() with { ShipmentId = "sh-1", Key = new EventKey("dhl", "1") };
        await _store.Events.AddAsync([e, e with { Key = new EventKey("fedex", "1") }]);
        (await _store.Queries.CountAsync(CancellationToken.None)).Pending.ShouldBe(2);
        (await Indexes.ListAsync(_store.Rows, CancellationToken.None))
            .ShouldContain(index => index["name"] == EventSchema.EventIdIndex);
    }

    [Fact]
    [Trait("Defect", "B24")]
    public async Task Shipments_with_several_documents_are_merged_where_an_option_says_so()
    {
        await _store.ShipmentRows.InsertManyAsync(
        [
            OriginalRows.Shipment("sh", "COMPLETED", "m-2", bornAfter: 2).Add("note", "kept"),
            OriginalRows.Shipment("sh", merchantId: "m-1"), OriginalRows.Shipment("sh", merchantId: "m-3", bornAfter: 1),
            OriginalRows.Shipment("alone", "CANCELLED"),
            OriginalRows.Shipment("held", "COMPLETED", bornAfter: 1), OriginalRows.Shipment("held", "ON_HOLD", bornAfter: 2),
        ]);
        await _store.OpenAsync();

        (await Should.ThrowAsync<BackendUnavailableException>(_store.Events.ProbeAsync)).Message.ShouldContain(
            "Gateway:Mongo:MergeLegacyShipments=true");

        _store.Options.MergeLegacyShipments = true;
        await _store.ReopenAsync();
        await Task.WhenAll(_store.Another().Events.ProbeAsync(), _store.Events.ProbeAsync());
        var merged = await _store.ShipmentRows.Find(new BsonDocument("shipmentId", "sh")).SingleAsync();
        merged["status"].ShouldBe("COMPLETED");
        merged["merchantId"].ShouldBe("m-1");
        merged["createdAt"].ShouldBe(OriginalRows.Date(0));
        merged["updatedAt"].ShouldBe(OriginalRows.Date(2));
        merged["note"].ShouldBe("kept");
        (await _store.ShipmentRows.Find(new BsonDocument("shipmentId", "held")).SingleAsync())["status"].ShouldBe("ON_HOLD");
        (await _store.ShipmentAsync("alone", courier: ""))!.Status.ShouldBe(ShipmentStatus.Cancelled);
    }

    [Fact]
    public async Task A_list_of_rows_of_the_original_uses_an_index()
    {
        await _store.OpenAsync();
        await _store.Events.AddAsync(_events.Take(200));

        var plan = await _store.Raw!.RunCommandAsync<BsonDocument>(new BsonDocument
        {
            {
                "explain", new BsonDocument
                {
                    { "find", "events" }, { "filter", LegacyEventQueries.QueryOf(new EventFilter { Legacy = true }, null) },
                    { "sort", LegacyEventQueries.NewestFirst }, { "limit", 50 },
                }
            },
            { "verbosity", "queryPlanner" },
        });

        plan["queryPlanner"]["winningPlan"].ToString()!.ShouldContain("IXSCAN");
    }
}
