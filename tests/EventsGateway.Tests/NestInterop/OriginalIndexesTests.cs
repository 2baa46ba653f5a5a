using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.NestInterop.Return;
using Gateway.Shared.Errors;
using MongoDB.Bson;

namespace Gateway.EventsGateway.Tests.NestInterop;

/// <summary>Whether the unique indexes of the original can be created over what the gateway has stored.</summary>
public sealed class OriginalIndexesTests : IAsyncLifetime
{
    private readonly NestMongoStore _store = new();
    private readonly AcceptedEvents _events;

    public OriginalIndexesTests() => _events = new AcceptedEvents(_store.Time);

    private OriginalIndexes Original => new(_store.Mongo);

    public async ValueTask InitializeAsync() => await _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Ids_of_several_rows_are_named_and_prevent_the_indexes()
    {
        await _store.Events.AddAsync(
        [
            .. _events.Take(3), _events.Next() with { Key = new EventKey("dhl", "7") },
            _events.Next() with { Key = new EventKey("fedex", "7") },
        ]);
        await _store.ShipmentRows.InsertManyAsync(
        [
            OriginalRows.Shipment("a").Add("shippingCompanyId", "dhl"), OriginalRows.Shipment("a"), OriginalRows.Shipment("b"),
        ]);

        (await Original.SharedEventIdsAsync(CancellationToken.None)).ShouldBe(["7"]);
        (await Original.SharedShipmentIdsAsync(CancellationToken.None)).ShouldBe(["a"]);
        (await Should.ThrowAsync<BackendUnavailableException>(() => Original.CreateAsync(CancellationToken.None)))
            .Message.ShouldContain("an index of events cannot be created");
        (await Original.ExistAsync(CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Indexes_are_created_and_a_repeat_finds_them()
    {
        await _store.Events.AddAsync(_events.Take(3));

        (await Original.CreateAsync(CancellationToken.None)).ShouldBeTrue();
        (await Original.CreateAsync(CancellationToken.None)).ShouldBeTrue();

        (await Original.ExistAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Id_that_two_pages_share_is_found_and_twenty_ids_are_named()
    {
        await _store.Rows.InsertManyAsync(Enumerable.Range(0, 10_030).Select(
            i => new BsonDocument("eventId", i is 10_000 ? "e-09999" : $"e-{i:00000}")));
        (await Original.SharedEventIdsAsync(CancellationToken.None)).ShouldBe(["e-09999"]);

        await _store.Rows.InsertManyAsync(Enumerable.Range(0, 30).Select(i => new BsonDocument("eventId", $"e-{i:00000}")));
        (await Original.SharedEventIdsAsync(CancellationToken.None)).Count.ShouldBe(OriginalIndexes.MostIds);
    }
}
