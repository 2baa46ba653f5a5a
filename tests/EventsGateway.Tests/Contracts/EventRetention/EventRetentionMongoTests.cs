using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Errors;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Tests.Contracts.EventRetention;

public sealed class EventRetentionMongoTests : EventRetentionContract
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly RetentionAges Ages = new(30 * Day, 400 * Day, 300 * Day);

    private readonly MongoStore _store;
    private readonly RemovalFixture _fixture;

    public EventRetentionMongoTests()
        : this(new MongoStore())
    {
    }

    private EventRetentionMongoTests(MongoStore store)
        : base(store) => (_store, _fixture) = (store, new RemovalFixture(store));

    // What only the Distributed profile does: two steps, several processes, indexes that expire.

    [Fact]
    public async Task Insert_that_missed_the_tombstone_meets_the_row()
    {
        var e = await BuryOneAsync();

        var added = await EventInserts.AddAsync(
            _store.Rows, [AcceptedEvents.Resent(e)], _store.Time.GetUtcNow().ToUnixTimeMilliseconds(), CancellationToken.None);

        added.ShouldBe([new AddedEvent(AddResult.Duplicate, BodyDiffers: false)]);
    }

    [Fact]
    public async Task Emptied_row_has_no_details()
    {
        var e = await BuryOneAsync();

        (await _store.Rows.Find(new BsonDocument("eventId", e.Key.EventId)).SingleAsync()).Contains("details").ShouldBeFalse();
        (await _fixture.FindAsync(e.Key)).ShouldNotBeNull().Details.ShouldBe(EventDetails.None);
    }

    [Fact]
    public async Task Row_stays_for_ten_minutes_after_its_tombstone()
    {
        var e = await BuryOneAsync();
        _store.Time.Advance(Removals.DeletionDelay - TimeSpan.FromMilliseconds(1));
        await _store.PurgeOnceAsync(Ages);
        (await _fixture.FindAsync(e.Key)).ShouldNotBeNull();

        _store.Time.Advance(TimeSpan.FromMilliseconds(1));
        await _store.PurgeOnceAsync(Ages);

        (await _fixture.FindAsync(e.Key)).ShouldBeNull();
        (await OpenRemovals().CountDocumentsAsync(new BsonDocument("at", new BsonDocument("$exists", true)))).ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Interrupted_removal_counts_once_before_and_after_it_completes(int stepsDone)
    {
        await BuryOneAsync();
        await _fixture.SettledAsync(AttemptOutcomeKind.Failed);
        var removal = await OpenRemovals().Find(new BsonDocument("at", new BsonDocument("$exists", true))).SingleAsync();
        var of = new BsonDocument("_id", removal["_id"]);
        await OpenRemovals()
            .UpdateOneAsync(of, new BsonDocument(
                "$set", new BsonDocument("counted", new BsonDocument { { "processed", 1 }, { "failed", 0 } })));
        if (stepsDone > 1)
        {
            await OpenRemovals().InsertOneAsync(new BsonDocument
            {
                { "_id", "counts" }, { "processed", 1 }, { "failed", 0 }, { "applied", new BsonArray { removal["_id"] } },
            });
        }

        if (stepsDone > 2) await _store.Rows.DeleteManyAsync(new BsonDocument("removal", removal["_id"]));
        await ShouldCountAsync();

        await _store.ReopenAsync();
        await _store.EndRemovalsAsync();

        await ShouldCountAsync();
        (await _fixture.CountsAsync()).Removed.ShouldBe(new RemovedCounts(1, 0));

        async Task ShouldCountAsync()
        {
            var counts = await _fixture.CountsAsync();
            (counts.Accepted, counts.Processed, counts.Failed).ShouldBe((2, 1, 1));
        }
    }

    [Fact]
    public async Task One_process_purges_until_its_lease_expires()
    {
        await _store.PurgeOnceAsync(Ages);
        var other = new EventRetentionMongo(_store.Another().Mongo, _store.Time);
        await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        _store.Time.Advance(31 * Day);
        await _store.Retention.PurgeOnceAsync(null);

        (await other.PurgeOnceAsync(Ages)).Purged.ShouldBe(0);
        _store.Time.Advance(TimeSpan.FromMinutes(2));

        (await other.PurgeOnceAsync(Ages)).Purged.ShouldBe(1);
    }

    [Fact]
    public async Task Two_processes_that_purge_at_once_remove_and_count_each_event_once()
    {
        await _store.Events.AddAsync(_fixture.NewEvents.Take(300));
        foreach (var claimed in await _fixture.ClaimAllAsync()) await _fixture.EndAsync(claimed, AttemptOutcomeKind.Completed);
        _store.Time.Advance(31 * Day);

        for (var round = 0; round < 3; round++)
        {
            // Each with a lease that it believes to hold.
            await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
            {
                await _store.Raw!.GetCollection<BsonDocument>("leases").DeleteManyAsync(new BsonDocument());
                await new EventRetentionMongo(_store.Mongo, _store.Time).PurgeOnceAsync(Ages);
            }));
            _store.Time.Advance(Removals.DeletionDelay);
        }

        await _store.EndRemovalsAsync();
        var counts = await _fixture.CountsAsync();
        (counts.Accepted, counts.Removed).ShouldBe((300, new RemovedCounts(300, 0)));
        (await _store.Rows.CountDocumentsAsync(new BsonDocument())).ShouldBe(0);
    }

    [Fact]
    public async Task Expiry_index_of_tombstones_and_audit_records_follows_the_setting()
    {
        await _store.PurgeOnceAsync(Ages);
        (await ExpiryAsync("tombstones"), await ExpiryAsync("audit")).ShouldBe((400 * Day, 300 * Day));

        await _store.ReopenAsync();
        _store.Time.Advance(TimeSpan.FromMinutes(3));
        await _store.PurgeOnceAsync(Ages with { DedupHorizon = 7 * Day });

        (await ExpiryAsync("tombstones"), await ExpiryAsync("audit")).ShouldBe((7 * Day, 300 * Day));
    }

    [Fact]
    public async Task Disabled_retention_expires_nothing()
    {
        await _store.PurgeOnceAsync(Ages);
        await _store.ReopenAsync();
        _store.Time.Advance(TimeSpan.FromMinutes(3));

        await _store.PurgeOnceAsync(null);

        foreach (var collection in new[] { "tombstones", "audit" })
            (await IndexesAsync(collection)).ShouldNotContain(index => index["name"] == TtlIndexes.Index);
    }

    [Fact]
    public async Task Removal_that_fails_does_not_stop_other_steps()
    {
        var broken = new BsonDocument { { "at", OriginalRows.Date(0) },
            { "counted", new BsonDocument("processed", "not a number") } };
        await OpenRemovals().InsertOneAsync(broken);
        await OpenRemovals()
            .InsertOneAsync(new BsonDocument { { "_id", "counts" }, { "processed", 0 }, { "failed", 0 },
                { "applied", new BsonArray() } });
        var e = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        _store.Time.Advance(31 * Day);

        await Should.ThrowAsync<BackendUnavailableException>(_store.PurgeOnceAsync(Ages));

        (await _fixture.FindAsync(e.Key))!.BodyRemoved.ShouldBeTrue();
        (await ExpiryAsync("tombstones")).ShouldBe(400 * Day);
    }

    [Fact]
    public async Task Rows_of_the_original_are_not_purged()
    {
        await _store.Rows.InsertOneAsync(new BsonDocument
        {
            { "eventId", "1" }, { "shipmentId", "sh-1" }, { "status", "processed" }, { "createdAt", OriginalRows.Date(0) },
                { "processedAt", OriginalRows.Date(0) },
        });
        _store.Time.Advance(3650 * Day);

        (await _store.PurgeOnceAsync(Ages)).Purged.ShouldBe(0);

        (await _store.Rows.CountDocumentsAsync(new BsonDocument())).ShouldBe(1);
    }

    private IMongoCollection<BsonDocument> OpenRemovals() => _store.Raw!.GetCollection<BsonDocument>(Removals.Collection);

    private async Task<AcceptedEvent> BuryOneAsync()
    {
        var e = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        _store.Time.Advance(31 * Day);
        (await _store.PurgeOnceAsync(Ages)).Purged.ShouldBe(1);
        return e;
    }

    private async Task<List<BsonDocument>> IndexesAsync(string collection)
        => await (await _store.Raw!.GetCollection<BsonDocument>(collection).Indexes.ListAsync()).ToListAsync();

    private async Task<TimeSpan> ExpiryAsync(string collection)
    {
        var indexes = await IndexesAsync(collection);
        return TimeSpan.FromSeconds(indexes.Single(index => index["name"] == TtlIndexes.Index)["expireAfterSeconds"].ToInt64());
    }
}
