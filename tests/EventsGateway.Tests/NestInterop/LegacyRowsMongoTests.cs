using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features;
using Gateway.EventsGateway.Features.ListEvents;
using Gateway.EventsGateway.Repositories;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Tests.NestInterop;

/// <summary>Rows of the original: left alone until a message comes for one, and then taken over exactly once.</summary>
public sealed class LegacyRowsMongoTests : IAsyncLifetime
{
    private readonly NestMongoStore _store = new();
    private readonly AcceptedEvents _newEvents;

    public LegacyRowsMongoTests() => _newEvents = new AcceptedEvents(_store.Time);

    public async ValueTask InitializeAsync() => await _store.PrepareAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Rows_of_the_original_are_listed_separately_and_not_counted()
    {
        await OpenOverAsync(OriginalRows.N1("1", "sh-1"), OriginalRows.N2("2", "sh-2", "failed"),
            OriginalRows.N2("3", "sh-3", "processed"));
        _store.Time.Advance(TimeSpan.FromDays(300));

        (await ListAsync(new EventFilter())).ShouldBeEmpty();
        (await _store.Queries.CountAsync(CancellationToken.None)).ShouldBe(default);
        var batch = await ClaimAsync();
        (batch.Events.Count, batch.NextDueIn, batch.IsolatedDue).ShouldBe((0, null, false));
        (await _store.Events.FailOverdueAsync(TimeSpan.Zero, "no response")).ShouldBeEmpty();
        (await _store.Events.RequeueAsync(new EventFilter(), 10, "mira")).Replayed.ShouldBe(0);
        (await _store.Events.RequeueAsync(new EventFilter { Legacy = true }, 10, "mira")).ShouldBe(new ReplayResult(0, 0));
        (await _store.Outbox.ClaimAsync(10, TimeSpan.FromSeconds(30))).ShouldBeEmpty();
        (await ListAsync(new EventFilter { Legacy = true })).Select(e => e.Key.EventId)
            .ShouldBe(["1", "2", "3"], ignoreOrder: true);
    }

    [Fact]
    public async Task Events_of_the_gateway_are_no_rows_of_the_original()
    {
        await _store.OpenAsync();
        await _store.Events.AddAsync(_newEvents.Take(3));
        await using var embedded = new SqliteStore();
        await embedded.OpenAsync();
        await embedded.Events.AddAsync(_newEvents.Take(3));

        (await ListAsync(new EventFilter { Legacy = true })).ShouldBeEmpty();
        (await embedded.Queries.ListAsync(new EventFilter { Legacy = true }, null, 100, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Defect", "S2")]
    public async Task Row_of_the_original_shows_the_fields_that_it_has()
    {
        await OpenOverAsync(OriginalRows.N2("2", "sh-2"));

        var e = (await ListAsync(new EventFilter { Legacy = true })).ShouldHaveSingleItem();

        e.Key.ShouldBe(new EventKey("", "2"));
        e.Type.ShouldBe(EventType.Updated);
        e.Status.ShouldBe(EventStatus.Pending);
        e.ReceivedAt.ShouldBe(OriginalRows.WrittenAt);
        e.OccurredAt.ShouldBe(OriginalRows.WrittenAt);
        e.ProcessedAt.ShouldBeNull();
        e.MerchantId.ShouldBe("");
    }

    [Fact]
    public async Task Row_of_the_original_is_found_by_its_key_with_payload_and_dates_as_they_are()
    {
        await OpenOverAsync(OriginalRows.N2("a b", "sh-2", "failed"), OriginalRows.N1("a b", "sh-3").Set("createdAt", "old"));
        EventKey.TryParse(".a_20b", out var key).ShouldBeTrue();

        var e = (await _store.Queries.FindAsync(key.Value, CancellationToken.None)).ShouldNotBeNull();

        (e.ShipmentId, e.Status, e.ReceivedAt).ShouldBe(("sh-2", EventStatus.Failed, OriginalRows.WrittenAt));
        Encoding.UTF8.GetString(e.Body.Span).ShouldContain(
            """
            "eventId" : "a b", "createdAt" : { "$date" : "2026-01-02T03:04:05.678Z" }, "payload" : { "origin" : "Cairo" },
            """.Trim());
        new EventDetailDto(e).ShouldSatisfyAllConditions(
            shown => shown.Key.ShouldBe(".a_20b"), shown => shown.Replayable.ShouldBeFalse());
        (await _store.Queries.FindAsync(new EventKey("", "none"), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Retention_counts_an_adopted_row_from_its_adoption_and_keeps_the_others()
    {
        var month = new RetentionAges(TimeSpan.FromDays(30), TimeSpan.FromDays(400), TimeSpan.FromDays(400));
        await OpenOverAsync(OriginalRows.N2("1", "sh-1", "processed"), OriginalRows.N2("2", "sh-2", "processed"));
        await _store.ShipmentRows.InsertOneAsync(OriginalRows.Shipment("sh-1", "COMPLETED"));
        _store.Time.Advance(TimeSpan.FromDays(90));
        await AddAsync(Message("1", "sh-1"));

        var early = await _store.Retention.PurgeOnceAsync(month);
        (early.Purged, early.Trimmed).ShouldBe((0, 0));
        _store.Time.Advance(TimeSpan.FromDays(31));
        (await _store.Retention.PurgeOnceAsync(month)).Purged.ShouldBe(1);

        (await ListAsync(new EventFilter { Legacy = true })).ShouldHaveSingleItem().Key.EventId.ShouldBe("2");
        (await _store.ShipmentRows.Find(new BsonDocument("shipmentId", "sh-1")).SingleAsync())["createdAt"]
            .ShouldBe(OriginalRows.Date(0));
    }

    [Theory]
    [InlineData("ON_HOLD")]
    [InlineData(7)]
    public async Task Shipment_with_a_status_that_is_not_known_keeps_it(object status)
    {
        var known = BsonValue.Create(status);
        await _store.ShipmentRows.InsertOneAsync(OriginalRows.Shipment("sh-1", merchantId: "m").Set("status", known));
        await _store.OpenAsync();
        await AddAsync(Message("1", "sh-1") with { MerchantId = "m" });
        var e = (await ClaimAsync()).Events.ShouldHaveSingleItem().Event;

        var shipment = (await _store.Shipments.ApplyAsync([e], TimeSpan.FromDays(60))).ShouldHaveSingleItem();

        ShipmentStatus.IsKnown(shipment.Status).ShouldBeFalse();
        var row = await _store.ShipmentRows.Find(new BsonDocument("shipmentId", "sh-1")).SingleAsync();
        (row["status"], row["shippingCompanyId"]).ShouldBe((known, "dhl"));
    }

    [Fact]
    public async Task Rows_of_the_original_are_filtered_and_paged()
    {
        await OpenOverAsync([.. Enumerable.Range(0, 7).Select(
            i => OriginalRows.N1($"{i}", i == 3 ? "other" : "sh").Set("createdAt", OriginalRows.Date(i / 2)))]);
        var filter = new EventFilter { Legacy = true, ShipmentId = "sh" };

        var seen = new List<string>();
        EventCursor? cursor = null;
        while (await _store.Queries.ListAsync(filter, cursor, 2, CancellationToken.None) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(e => e.Key.EventId));
            cursor = EventCursorText.Parse(EventCursorText.Of(page[^1])).ShouldNotBeNull();
        }

        seen.ShouldBe(["6", "4", "5", "2", "0", "1"]);
        (await ListAsync(filter with { From = OriginalRows.WrittenAt.AddSeconds(3) }))
            .ShouldHaveSingleItem().Key.EventId.ShouldBe("6");
    }

    [Fact]
    public async Task Processed_row_of_the_original_is_adopted_and_not_processed_again()
    {
        await OpenOverAsync(OriginalRows.N2("2", "sh-2", "processed"));
        var e = Message("2", "sh-2");

        (await AddAsync(e)).ShouldBe(new AddedEvent(AddResult.Duplicate, BodyDiffers: false));

        var adopted = (await _store.Queries.FindAsync(e.Key, CancellationToken.None)).ShouldNotBeNull();
        adopted.Status.ShouldBe(EventStatus.Processed);
        adopted.ProcessedAt.ShouldBe(OriginalRows.WrittenAt.AddSeconds(7));
        adopted.Type.ShouldBe(EventType.Updated);
        adopted.MerchantId.ShouldBe(e.MerchantId);
        adopted.ReceivedAt.ShouldBe(OriginalRows.WrittenAt);
        (await ClaimAsync()).Events.ShouldBeEmpty();
        (await AddAsync(AcceptedEvents.Resent(e))).ShouldBe(new AddedEvent(AddResult.Duplicate, BodyDiffers: false));
        (await ListAsync(new EventFilter { Legacy = true })).ShouldBeEmpty();
        (await _store.Queries.CountAsync(CancellationToken.None)).ShouldBe(new EventCounts(0, 1, 0, null));
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("failed")]
    [InlineData("no such status")]
    public async Task Unfinished_row_of_the_original_is_adopted_and_due_now(string status)
    {
        await OpenOverAsync(OriginalRows.N2("2", "sh-2", status));
        var e = Message("2", "sh-2");

        (await AddAsync(e)).Result.ShouldBe(AddResult.Added);

        var claimed = (await ClaimAsync()).Events.ShouldHaveSingleItem();
        claimed.Event.Key.ShouldBe(e.Key);
        claimed.Event.Type.ShouldBe(e.Type);
        claimed.Event.Body.ToArray().ShouldBe(e.Body);
        var row = await _store.Rows.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync();
        (row["createdAt"], row["receivedAt"]).ShouldBe((OriginalRows.Date(0), OriginalRows.Date(0)));
        row["payload"].ShouldBe(new BsonDocument("origin", "Cairo"));
        row.Contains("processedAt").ShouldBeFalse();
        (await AddAsync(e)).Result.ShouldBe(AddResult.Duplicate);
    }

    [Fact]
    [Trait("Defect", "B8")]
    public async Task A_row_of_another_shipment_is_not_adopted()
    {
        await OpenOverAsync(OriginalRows.N2("2", "sh-2", "processed"));

        (await AddAsync(Message("2", "sh-3"))).Result.ShouldBe(AddResult.Added);

        (await ListAsync(new EventFilter { Legacy = true })).ShouldHaveSingleItem();
        (await ClaimAsync()).Events.ShouldHaveSingleItem().Event.ShipmentId.ShouldBe("sh-3");
    }

    [Fact]
    [Trait("Defect", "R5")]
    public async Task Processed_row_is_adopted_where_the_original_wrote_several()
    {
        await OpenOverAsync(
            OriginalRows.N1("2", "sh-2"), OriginalRows.N1("2", "sh-2", "processed"), OriginalRows.N1("2", "sh-2", "failed"));

        (await AddAsync(Message("2", "sh-2"))).Result.ShouldBe(AddResult.Duplicate);

        (await ClaimAsync()).Events.ShouldBeEmpty();
        (await ListAsync(new EventFilter { Legacy = true })).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Each_event_of_a_group_adopts_its_own_row()
    {
        await OpenOverAsync(OriginalRows.N1("1", "sh-1"), OriginalRows.N1("2", "sh-2", "processed"));

        var first = Message("1", "sh-1");
        var answers = await _store.Events.AddAsync(
            [Message("3", "sh-3"), Message("2", "sh-2"), first, AcceptedEvents.Resent(first)]);

        answers.Select(answer => answer.Result)
            .ShouldBe([AddResult.Added, AddResult.Duplicate, AddResult.Added, AddResult.Duplicate]);
        (await _store.Queries.CountAsync(CancellationToken.None)).ShouldSatisfyAllConditions(
            counts => counts.Pending.ShouldBe(2), counts => counts.Processed.ShouldBe(1));
    }

    [Fact]
    [Trait("Defect", "B3")]
    public async Task Event_of_a_second_company_with_the_same_id_gets_a_row_of_its_own()
    {
        await OpenOverAsync(OriginalRows.N1("2", "sh-2"));
        var dhl = Message("2", "sh-2");

        (await AddAsync(dhl)).Result.ShouldBe(AddResult.Added);
        (await AddAsync(dhl with { Key = new EventKey("fedex", "2") })).Result.ShouldBe(AddResult.Added);

        (await ClaimAsync()).Events.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Concurrent_adoptions_and_inserts_make_one_event()
    {
        // This process has started before there was any row of the original, so it inserts.
        await _store.OpenAsync();
        await _store.Events.AddAsync([_newEvents.Next()]);
        await _store.Rows.InsertManyAsync(Enumerable.Range(0, 20).Select(i => OriginalRows.N1($"{i}", $"sh-{i}")));
        var adopting = _store.Another().Events;

        foreach (var e in Enumerable.Range(0, 20).Select(i => Message($"{i}", $"sh-{i}")))
        {
            var answers = await Task.WhenAll(
                Task.Run(() => adopting.AddAsync([e])), Task.Run(() => _store.Events.AddAsync([AcceptedEvents.Resent(e)])),
                Task.Run(() => adopting.AddAsync([AcceptedEvents.Resent(e)])));
            answers.Count(answer => answer[0].IsNew).ShouldBe(1);
        }

        (await _store.Queries.CountAsync(CancellationToken.None)).Accepted.ShouldBe(21);
    }

    [Fact]
    public async Task Worker_that_reads_the_queue_of_the_original_adopts_rows_that_it_writes_meanwhile()
    {
        await using var store = new NestMongoStore { AlwaysAdopts = true };
        await store.OpenAsync();
        await store.Events.AddAsync([_newEvents.Next()]);
        await store.Rows.InsertOneAsync(OriginalRows.N1("2", "sh-2", "processed"));

        (await store.Events.AddAsync([Message("2", "sh-2")]))[0].Result.ShouldBe(AddResult.Duplicate);
    }

    [Fact]
    public async Task Malformed_row_stops_neither_claims_nor_lists()
    {
        var past = new BsonDateTime(0);
        await OpenOverAsync(
            new BsonDocument { { "shippingCompanyId", "x" }, { "eventId", "1" }, { "status", "pending" }, { "dueAt", past },
                { "abandonedAttempts", 0 }, { "receivedAt", past }, { "type", "LOST" } },
            new BsonDocument { { "shippingCompanyId", "x" }, { "eventId", "2" }, { "status", 7 }, { "receivedAt", past },
                { "attempts", "none" }, { "body", "text" } },
            new BsonDocument { { "eventId", 5 }, { "createdAt", "yesterday" } }, new BsonDocument());
        var known = _newEvents.Next();
        await AddAsync(known);

        var claimed = (await ClaimAsync()).Events;

        claimed.Select(one => (one.Event.Key.EventId, one.Event.Type))
            .ShouldBe([("1", EventType.Unknown), (known.Key.EventId, known.Type)]);
        (await ListAsync(new EventFilter())).Count.ShouldBe(3);
        (await ListAsync(new EventFilter { Legacy = true })).Count.ShouldBe(2);
        await _store.Queries.CountAsync(CancellationToken.None);
    }

    private AcceptedEvent Message(string eventId, string shipmentId)
        => _newEvents.Next() with { Key = new EventKey("dhl", eventId), ShipmentId = shipmentId, Type = EventType.Delivered };

    private async Task OpenOverAsync(params BsonDocument[] rows)
    {
        await _store.Rows.InsertManyAsync(rows);
        await _store.OpenAsync();
    }

    private async Task<AddedEvent> AddAsync(AcceptedEvent e) => (await _store.Events.AddAsync([e])).ShouldHaveSingleItem();

    private Task<ClaimedBatch> ClaimAsync()
        => _store.Events.ClaimDueAsync(new ClaimRequest(100, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)));

    private Task<IReadOnlyList<EventEntity>> ListAsync(EventFilter filter)
        => _store.Queries.ListAsync(filter, null, 100, CancellationToken.None);
}
