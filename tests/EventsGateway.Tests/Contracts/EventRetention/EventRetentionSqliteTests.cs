using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Sqlite;

namespace Gateway.EventsGateway.Tests.Contracts.EventRetention;

public sealed class EventRetentionSqliteTests : EventRetentionContract
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly SqliteStore _store;

    public EventRetentionSqliteTests()
        : this(new SqliteStore())
    {
    }

    private EventRetentionSqliteTests(SqliteStore store)
        : base(store) => _store = store;

    // What only the Embedded profile does by itself; MongoDB's server expires both.

    [Fact]
    public async Task Beyond_the_horizon_a_tombstone_goes_and_its_event_is_new_again()
    {
        var fixture = new RemovalFixture(_store);
        var e = await fixture.SettledAsync(AttemptOutcomeKind.Completed);
        var ages = new RetentionAges(Day, 10 * Day, 10 * Day);
        _store.Time.Advance(Day);
        await _store.PurgeOnceAsync(ages);
        _store.Time.Advance((10 * Day) - TimeSpan.FromMilliseconds(1));
        (await _store.PurgeOnceAsync(ages)).Forgotten.ShouldBe(0);
        _store.Time.Advance(TimeSpan.FromMilliseconds(1));

        (await _store.PurgeOnceAsync(ages)).Forgotten.ShouldBe(1);

        (await fixture.StoneAsync(e.Key)).ShouldBeNull();
        (await fixture.ResendAsync(e)).Result.ShouldBe(AddResult.Added);
    }

    [Fact]
    public async Task Audit_records_go_at_their_age()
    {
        await BeginAsync("old");
        _store.Time.Advance(5 * Day);
        await BeginAsync("young");
        _store.Time.Advance(5 * Day);

        (await _store.PurgeOnceAsync(new RetentionAges(Day, 10 * Day, 10 * Day))).Forgotten.ShouldBe(1);

        (await _store.Audit.ListAsync(null, 10, CancellationToken.None)).ShouldHaveSingleItem().What.ShouldBe("young");

        Task BeginAsync(string what) => _store.Audit.BeginAsync(new AuditRecord { At = _store.Time.GetUtcNow(), Who = "Ada", From = "", Action = "replay", What = what });
    }

    [Fact]
    public async Task What_is_old_is_found_by_an_index_that_no_insert_enters()
    {
        var plan = await _store.Database.ReadAsync(
            read => read.Query($"EXPLAIN QUERY PLAN {EventRetentionSqlite.Old}", row => row.GetString(3), ("@before", 0), ("@limit", 1)), CancellationToken.None);

        plan.ShouldHaveSingleItem().ShouldContain("INDEX events_settled (processedAt<?)");
    }
}
