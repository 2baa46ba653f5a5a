using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Errors;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public sealed class EventRepositoryMongoTests : EventRepositoryContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly MongoStore _store;
    private readonly AcceptedEvents _newEvents;

    public EventRepositoryMongoTests()
        : this(new MongoStore())
    {
    }

    private EventRepositoryMongoTests(MongoStore store)
        : base(store) => (_store, _newEvents) = (store, new AcceptedEvents(store.Time, seed: 7));

    // What only the Distributed profile promises.

    [Fact]
    public async Task Workers_of_several_processes_never_share_an_event()
    {
        await _store.Events.AddAsync(_newEvents.Take(300));
        var workers = Enumerable.Range(0, 4).Select(_ => _store.Another().Events).ToList();

        var shares = await Task.WhenAll(workers.Select(worker => Task.Run(() => TakeAllAsync(worker))));

        var claimed = shares.SelectMany(share => share).ToList();
        claimed.Count.ShouldBe(300);
        claimed.Select(one => one.Event.Key).ShouldBeUnique();
    }

    [Fact]
    public async Task Row_that_a_query_answers_twice_is_one_duplicate()
    {
        var e = _newEvents.Next();
        await _store.Events.AddAsync([e]);
        // Without its unique index the collection can hold what a query may answer beside writes.
        await _store.Rows.Indexes.DropAllAsync();
        var row = await _store.Rows.Find(new BsonDocument()).SingleAsync();
        await _store.Rows.InsertOneAsync(new BsonDocument(row.Where(field => field.Name != "_id")));

        var answers = await RepeatedEvents.RepeatAsync(_store.Rows, [[AcceptedEvents.Resent(e)]], 0, CancellationToken.None);

        answers.ShouldHaveSingleItem().ShouldBe([new AddedEvent(AddResult.Duplicate, BodyDiffers: false)]);
    }

    [Fact]
    public async Task Expired_claim_is_counted_once_however_many_workers_find_it()
    {
        await _store.Events.AddAsync(_newEvents.Take(50));
        await TakeAllAsync(_store.Events);
        _store.Time.Advance(Lease);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _store.Another().Events)
            .Select(worker => Task.Run(() => ClaimAsync(worker))));

        var events = await _store.Queries.ListAsync(new EventFilter(), null, 100, CancellationToken.None);
        events.Select(e => e.AbandonedAttempts).ShouldAllBe(abandonedAttempts => abandonedAttempts == 1);
    }

    [Fact]
    public async Task Restart_expires_no_claim_of_another_process()
    {
        await _store.Events.AddAsync(_newEvents.Take(1));
        var claimed = (await ClaimAsync(_store.Events)).Events.ShouldHaveSingleItem();

        await ClaimAsync(_store.Another().Events);

        (await _store.Events.SaveOutcomesAsync([Processed(claimed)])).ShouldBe([true]);
    }

    [Fact]
    public async Task Redelivered_large_group_has_a_result_for_each_event()
    {
        var group = _newEvents.Take(300);
        await _store.Events.AddAsync(group);
        var failed = (await ClaimAsync(_store.Events)).Events;
        await _store.Events.SaveOutcomesAsync(
            [.. failed.Select(one => Processed(one) with { Kind = AttemptOutcomeKind.Failed })]);
        var keys = failed.Select(one => one.Event.Key).ToHashSet();

        var known = await _store.Events.AddAsync(group);
        var resent = await _store.Events.AddAsync([.. group.Select(AcceptedEvents.Resent)]);

        known.ShouldAllBe(answer => answer == new AddedEvent(AddResult.Duplicate, false));
        resent.Zip(group).ShouldAllBe(pair
            => pair.First.Result == (keys.Contains(pair.Second.Key) ? AddResult.Requeued : AddResult.Duplicate));
        (await _store.Queries.CountAsync(CancellationToken.None)).Pending.ShouldBe(300);
        (await _store.Events.AddAsync([.. group.Select(e => e with { Body = [1] })])).ShouldAllBe(answer => answer.BodyDiffers);
    }

    [Fact]
    public async Task Event_too_large_for_a_row_is_stored_as_unstorable_and_affects_no_other()
    {
        var large = _newEvents.Next() with { Body = new byte[17 << 20] };
        var neighbours = _newEvents.Take(2);

        var answers = await _store.Events.AddAsync([neighbours[0], large, AcceptedEvents.Resent(large), neighbours[1]]);

        answers.Select(answer => answer.Result)
            .ShouldBe([AddResult.Added, AddResult.Added, AddResult.Duplicate, AddResult.Added]);
        var quarantined = (await _store.Queries.ListAsync(
            new EventFilter { Status = EventStatus.Failed }, null, 10, CancellationToken.None)).ShouldHaveSingleItem();
        quarantined.Key.ShippingCompanyId.ShouldBe("~unreadable");
        quarantined.Outcome.ShouldBe(FailureReasonText.Unstorable);
        quarantined.LastError.ShouldNotBeNull().ShouldContain(large.Key.ToString());
        quarantined.LastError.ShouldContain("of its 17825792 bytes the first 15728640 are kept");
        (await ClaimAsync(_store.Events)).Events.Select(one => one.Event.Key)
            .ShouldBe(neighbours.Select(e => e.Key), ignoreOrder: true);
    }

    [Fact]
    public async Task Optional_field_that_the_store_rejects_is_left_out()
    {
        await RejectAsync("{headers: {$exists: true}}");
        var e = _newEvents.Next() with { Headers = """{"user-agent":"courier/1"}""" };

        (await _store.Events.AddAsync([e])).ShouldHaveSingleItem().Result.ShouldBe(AddResult.Added);

        (await FindAsync(e.Key)).ShouldSatisfyAllConditions(
            stored => stored.Status.ShouldBe(EventStatus.Pending), stored => stored.Headers.ShouldBeNull());
    }

    [Fact]
    public async Task Event_that_the_store_rejects_twice_is_stored_once_with_its_bytes()
    {
        await RejectAsync("{merchantId: 'm-rejected'}");
        var e = _newEvents.Next() with { MerchantId = "m-rejected" };
        var neighbour = _newEvents.Next();

        (await _store.Events.AddAsync([e, neighbour])).ShouldAllBe(answer => answer.Result == AddResult.Added);
        (await _store.Events.AddAsync([e])).ShouldAllBe(answer => answer.Result == AddResult.Added);

        var quarantined = await FindAsync(
            AcceptedEvent.Quarantined(e.Body, new Defect(FailureReason.Unstorable, ""), _store.Time.GetUtcNow()).Key);
        quarantined.Outcome.ShouldBe(FailureReasonText.Unstorable);
        quarantined.Body.ToArray().ShouldBe(e.Body);
        (await _store.Queries.CountAsync(CancellationToken.None)).Accepted.ShouldBe(2);
        (await _store.Outbox.ClaimAsync(10, Lease)).ShouldHaveSingleItem().Event.Key.ShouldBe(quarantined.Key);
    }

    [Fact]
    public async Task Store_that_rejects_the_bytes_too_is_a_fault()
    {
        await RejectAsync("{eventId: {$exists: true}}");

        await Should.ThrowAsync<BackendUnavailableException>(() => _store.Events.AddAsync([_newEvents.Next()]));
    }

    [Theory]
    [InlineData(
        """{"payload":{"$where":"1","x.y":1,"n\u0000l":1,"text":"$where","nul":"x\u0000y","n":12345678901234567890}}""", true)]
    [InlineData("""{"payload":{"constructor":{"prototype":{}},"":1,"huge":1e99}}""", false)]
    [InlineData("""{"payload":{"huge":1e9999}}""", true)]
    [InlineData("no JSON", true)]
    public async Task Event_with_any_payload_is_processed(string body, bool isPartial)
    {
        await _store.Events.AddAsync([_newEvents.Next() with { Body = Encoding.UTF8.GetBytes(body) }]);

        await ProcessAsync(isPartial, PayloadProjection.Of(Encoding.UTF8.GetBytes(body)).Value);
    }

    [Fact]
    public async Task Payload_of_the_maximum_depth_is_shown()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 62)) + "1" + new string('}', 62);
        var body = Encoding.UTF8.GetBytes($$"""{"payload":{{deep}}}""");
        await _store.Events.AddAsync([_newEvents.Next() with { Body = body }]);

        await ProcessAsync(isPartial: false, PayloadProjection.Of(body).Value.ShouldNotBeNull());
    }

    [Fact]
    public async Task Payload_that_the_store_rejects_is_left_out_of_its_outcome()
    {
        await RejectAsync("{'payload.origin': 'Atlantis'}");
        var rejected = _newEvents.Next() with { Body = """{"payload":{"origin":"Atlantis"}}"""u8.ToArray() };
        await _store.Events.AddAsync([rejected, .. _newEvents.Take(2)]);
        var claimed = (await ClaimAsync(_store.Events)).Events;

        (await _store.Events.SaveOutcomesAsync([.. claimed.Select(Processed)])).ShouldBe([true, true, true]);

        var row = await _store.Rows.Find(EventConditions.Of(rejected.Key)).SingleAsync();
        row["status"].ShouldBe("processed");
        row.Contains("payload").ShouldBeFalse();
        row["payloadPartial"].ShouldBe(true);
    }

    [Fact]
    public async Task Store_clock_counts_however_wrong_the_process_clock_is()
    {
        var wrong = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(
            new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var mongo = new MongoConnection(
            Microsoft.Extensions.Options.Options.Create(_store.Options), EventSchema.Schema, wrong);
        var e = _newEvents.Next();
        await new EventRepositoryMongo(mongo, mongo.Clock).AddAsync([e]);

        var hello = await _store.Raw!.RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1));

        ((await FindAsync(e.Key)).DueAt!.Value - new DateTimeOffset(hello["localTime"].ToUniversalTime())).Duration()
            .ShouldBeLessThan(TimeSpan.FromHours(1));
    }

    private static Task<ClaimedBatch> ClaimAsync(IEventRepository worker)
        => worker.ClaimDueAsync(new ClaimRequest(20, ClaimOrder.Oldest, Lease));

    private static async Task<List<ClaimedEvent>> TakeAllAsync(IEventRepository worker)
    {
        var taken = new List<ClaimedEvent>();
        while ((await ClaimAsync(worker)).Events is { Count: > 0 } events) taken.AddRange(events);
        return taken;
    }

    private static AttemptOutcome Processed(ClaimedEvent claimed) => new()
    {
        Key = claimed.Event.Key, Token = claimed.Token, Kind = AttemptOutcomeKind.Completed, RouteId = "RoID-7",
        Body = claimed.Event.Body,
    };

    private async Task<EventEntity> FindAsync(EventKey key)
        => (await _store.Queries.FindAsync(key, CancellationToken.None)).ShouldNotBeNull();

    private async Task ProcessAsync(bool isPartial, BsonValue? payload)
    {
        var claimed = (await ClaimAsync(_store.Events)).Events.ShouldHaveSingleItem();
        (await _store.Events.SaveOutcomesAsync([Processed(claimed)])).ShouldBe([true]);
        var row = await _store.Rows.Find(EventConditions.Of(claimed.Event.Key)).SingleAsync();
        row["status"].ShouldBe("processed");
        row.GetValue("payload", null).ShouldBe(payload);
        row.GetValue("payloadPartial", false).ToBoolean().ShouldBe(isPartial);
        (await FindAsync(claimed.Event.Key)).Body.ToArray().ShouldBe(claimed.Event.Body.ToArray());
    }

    /// <summary>An operator's rule for the collection: the store rejects documents like this, one by one.</summary>
    private async Task RejectAsync(string documents)
    {
        await _store.Events.ProbeAsync();
        await _store.Raw!.RunCommandAsync<BsonDocument>(new BsonDocument
        {
            { "collMod", "events" }, { "validator", new BsonDocument("$nor", new BsonArray { BsonDocument.Parse(documents) }) },
        });
    }
}
