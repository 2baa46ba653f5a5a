using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Sqlite;
using Gateway.Shared.Sqlite;
using Gateway.TestSupport;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Repositories.Sqlite;

/// <summary>A process ran with a clock that was six hours ahead; the next one has the right time.</summary>
public sealed class ClockAheadTests : IDisposable
{
    private static readonly DateTimeOffset Right = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(6);

    private readonly TempFolder _folder = new();
    private SqliteDatabase? _database;
    private FakeTimeProvider _time = null!;
    private EventRepositorySqlite _events = null!;
    private AcceptedEvents _newEvents = null!;
    private int _seed;

    [Fact]
    public async Task Event_that_was_accepted_meanwhile_is_due_at_once_and_its_age_counts_from_the_restart()
    {
        Start(Right + Ahead);
        await AddAsync();

        Start(Right);
        (await PendingAsync()).Oldest.ShouldBe(TimeSpan.Zero);
        var claimed = await ClaimOneAsync();
        await SaveAsync(claimed, AttemptOutcomeKind.RetryScheduled, TimeSpan.FromMinutes(10));
        _time.Advance(TimeSpan.FromMinutes(5));

        (await PendingAsync()).Oldest.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Retry_that_was_scheduled_meanwhile_is_due_at_once(bool isAccepted)
    {
        Start(Right);
        await AddAsync();
        Start(Right + Ahead);
        // Without a record, as an open circuit releases it, only another event tells what the clock was.
        await SaveAsync(
            await ClaimOneAsync(), isAccepted ? AttemptOutcomeKind.Released : AttemptOutcomeKind.RetryScheduled,
            TimeSpan.FromMinutes(1));
        if (isAccepted) await AddAsync();

        Start(Right + TimeSpan.FromMinutes(1));

        (await ClaimAsync()).Count.ShouldBe(isAccepted ? 2 : 1);
    }

    [Fact]
    public async Task Waits_of_a_right_clock_survive_a_restart()
    {
        Start(Right);
        await AddAsync();
        await SaveAsync(await ClaimOneAsync(), AttemptOutcomeKind.RetryScheduled, TimeSpan.FromHours(1));

        Start(Right + TimeSpan.FromMinutes(1));

        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Spread_of_a_replay_survives_what_others_received_meanwhile()
    {
        Start(Right);
        await AddAsync();
        await SaveAsync(await ClaimOneAsync(), AttemptOutcomeKind.Failed, default);
        Start(Right + Ahead);
        await AddAsync();
        Start(Right);
        await ClaimOneAsync();
        await _events.RequeueAsync(new EventFilter(), 10, "ops", rate: new ReplayRate(1, Right + TimeSpan.FromHours(1)));

        Start(Right + TimeSpan.FromMinutes(1));

        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Replay_takes_what_failed_meanwhile_and_takes_it_once()
    {
        Start(Right + Ahead);
        await AddAsync();
        await SaveAsync(await ClaimOneAsync(), AttemptOutcomeKind.Failed, default);
        Start(Right);

        var first = await _events.RequeueAsync(new EventFilter(), 10, "ops");
        await SaveAsync(await ClaimOneAsync(), AttemptOutcomeKind.Failed, default);
        var second = await _events.RequeueAsync(new EventFilter(), 10, "ops", first.AsOf);

        (first.Replayed, first.Remaining).ShouldBe((1, 0));
        (second.Replayed, second.Remaining).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Replay_does_not_take_what_fails_while_it_runs()
    {
        Start(Right);
        using var go = new ManualResetEventSlim();
        var held = _database!.WriteAsync(_ => go.Wait(SteppedTime.Timeout));
        var failing = _events.AddAsync(
            [AcceptedEvent.Container(new EventKey(AcceptedEvent.ContainerCompany, "dhl:1"), [1], Right, "dhl", "no id")]);
        var replay = _events.RequeueAsync(new EventFilter(), 10, "ops");
        _time.Advance(TimeSpan.FromSeconds(1));

        go.Set();

        (await held).ShouldBeTrue();
        (await failing).ShouldHaveSingleItem().Result.ShouldBe(AddResult.Added);
        (await replay).Replayed.ShouldBe(0);
    }

    public void Dispose()
    {
        _database?.Dispose();
        _folder.Dispose();
    }

    private void Start(DateTimeOffset now)
    {
        _database?.Dispose();
        _time = new FakeTimeProvider(now);
        _database = new SqliteDatabase(
            Options.Create(new SqliteOptions { Path = "gateway.db" }), EventSchema.Schema,
            new HostingEnvironment { ContentRootPath = _folder.Path }, _time);
        _events = new EventRepositorySqlite(_database);
        _newEvents = new AcceptedEvents(_time, ++_seed);
    }

    private Task<IReadOnlyList<AddedEvent>> AddAsync()
    {
        var e = _newEvents.Next();
        return _events.AddAsync([e with { Key = new EventKey(e.Key.ShippingCompanyId, $"evt-{_seed}") }]);
    }

    private Task<PendingEvents> PendingAsync() => new EventQueriesSqlite(_database!).PendingAsync(CancellationToken.None);

    private async Task<IReadOnlyList<ClaimedEvent>> ClaimAsync()
        => (await _events.ClaimDueAsync(new ClaimRequest(10, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)))).Events;

    private async Task<ClaimedEvent> ClaimOneAsync() => (await ClaimAsync()).ShouldHaveSingleItem();

    private async Task SaveAsync(ClaimedEvent claimed, AttemptOutcomeKind kind, TimeSpan wait)
    {
        var isCall = kind != AttemptOutcomeKind.Released;
        var record = new AttemptRecord(claimed.Event.Generation, 1, _time.GetUtcNow(), 12, AttemptResult.PermanentStatus, null);
        (await _events.SaveOutcomesAsync(
        [
            new AttemptOutcome
            {
                Key = claimed.Event.Key, Token = claimed.Token, Kind = kind, IsCall = isCall, IsCounted = isCall, Wait = wait,
                Reason = kind == AttemptOutcomeKind.Failed ? FailureReason.RejectedByRouter : null,
                Record = isCall ? record : null,
            },
        ])).ShouldBe([true]);
    }
}
