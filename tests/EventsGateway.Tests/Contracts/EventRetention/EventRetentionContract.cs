using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Contracts.EventRetention;

/// <summary>How every store lets go of what is old, and what it keeps of it.</summary>
public abstract class EventRetentionContract : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly RetentionAges Ages = new(30 * Day, 400 * Day, 400 * Day);

    private readonly StoreHarness _store;
    private readonly RemovalFixture _fixture;

    private protected EventRetentionContract(StoreHarness store) => (_store, _fixture) = (store, new RemovalFixture(store));

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Only_an_old_processed_event_becomes_a_tombstone()
    {
        var old = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        var processedAt = (await _fixture.FindAsync(old.Key))!.ProcessedAt;
        var failed = await _fixture.SettledAsync(AttemptOutcomeKind.Failed);
        var pending = await _fixture.PendingAsync();
        _store.Time.Advance(20 * Day);
        var young = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        _store.Time.Advance(10 * Day);

        (await _store.PurgeOnceAsync(Ages)).Purged.ShouldBe(1);
        await _store.EndRemovalsAsync();

        (await _fixture.FindAsync(old.Key)).ShouldBeNull();
        (await _fixture.StoneAsync(old.Key))!.Status.ShouldBe(EventStatus.Processed);
        (await _fixture.StoneAsync(old.Key))!.ProcessedAt.ShouldBe(processedAt);
        (await _fixture.ListAsync()).ShouldBe([failed.Key, pending.Key, young.Key], ignoreOrder: true);
        (await _fixture.FindAsync(young.Key))!.Body.IsEmpty.ShouldBeFalse();
        (await _fixture.StoneAsync(young.Key)).ShouldBeNull();
    }

    [Fact]
    public async Task Event_just_below_the_age_stays()
    {
        var e = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        _store.Time.Advance((30 * Day) - TimeSpan.FromMilliseconds(1));

        (await _store.PurgeOnceAsync(Ages)).Purged.ShouldBe(0);

        (await _fixture.FindAsync(e.Key))!.BodyRemoved.ShouldBeFalse();
    }

    [Fact]
    public async Task Purged_event_has_no_content_from_the_first_step_on()
    {
        var e = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        _store.Time.Advance(31 * Day);

        await _store.PurgeOnceAsync(Ages);

        if (await _fixture.FindAsync(e.Key) is not { } row) return;
        row.BodyRemoved.ShouldBeTrue();
        row.Body.IsEmpty.ShouldBeTrue();
        row.Headers.ShouldBeNull();
        row.Attempts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Late_copy_of_a_purged_event_is_a_duplicate_in_every_step()
    {
        var e = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        _store.Time.Advance(31 * Day);
        await _store.PurgeOnceAsync(Ages);
        (await _fixture.ResendAsync(e)).ShouldBe(new AddedEvent(AddResult.Duplicate, BodyDiffers: false));
        await _store.EndRemovalsAsync();

        (await _fixture.ResendAsync(e)).ShouldBe(new AddedEvent(AddResult.Duplicate, BodyDiffers: false));
        (await _fixture.ResendAsync(e with { Body = "{}"u8.ToArray() }))
            .ShouldBe(new AddedEvent(AddResult.Duplicate, BodyDiffers: false));

        (await _fixture.ListAsync()).ShouldBeEmpty();
        (await _fixture.ClaimAllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_copies_of_purged_events_are_duplicates_in_a_group()
    {
        var purged = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        _store.Time.Advance(31 * Day);
        await _store.PurgeOnceAsync(Ages);
        await _store.EndRemovalsAsync();
        var fresh = _fixture.NewEvents.Take(2);

        var added = await _store.Events.AddAsync(
            [fresh[0], AcceptedEvents.Resent(purged), fresh[1], AcceptedEvents.Resent(purged)]);

        added.Select(one => one.Result).ShouldBe([AddResult.Added, AddResult.Duplicate, AddResult.Added, AddResult.Duplicate]);
        (await _fixture.CountsAsync()).Accepted.ShouldBe(3);
    }

    [Fact]
    public async Task Counts_include_removed_events()
    {
        foreach (var end in new[] { AttemptOutcomeKind.Completed, AttemptOutcomeKind.Completed,
            AttemptOutcomeKind.Failed })
        {
            await _fixture.SettledAsync(end);
        }

        await _fixture.PendingAsync();
        _store.Time.Advance(31 * Day);
        await _store.PurgeOnceAsync(Ages);
        await ShouldCountAsync();

        await _store.EndRemovalsAsync();
        await ShouldCountAsync();
        (await _fixture.CountsAsync()).Removed.ShouldBe(new RemovedCounts(2, 0));

        await _store.ReopenAsync();
        await ShouldCountAsync();

        async Task ShouldCountAsync()
        {
            var counts = await _fixture.CountsAsync();
            (counts.Accepted, counts.Pending, counts.Processed, counts.Failed).ShouldBe((4, 1, 2, 1));
        }
    }

    [Fact]
    public async Task One_step_purges_500_events_and_reports_that_there_may_be_more()
    {
        await _store.Events.AddAsync(_fixture.NewEvents.Take(700));
        foreach (var claimed in await _fixture.ClaimAllAsync()) await _fixture.EndAsync(claimed, AttemptOutcomeKind.Completed);
        _store.Time.Advance(31 * Day);

        var (first, second) = (await _store.Retention.PurgeOnceAsync(Ages), await _store.Retention.PurgeOnceAsync(Ages));

        (first.Purged, first.HasMore, second.Purged, second.HasMore).ShouldBe((500, true, 200, false));
        await _store.EndRemovalsAsync();
        (await _fixture.CountsAsync()).Removed.ShouldBe(new RemovedCounts(700, 0));
        (await _fixture.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_stays_without_ages()
    {
        var e = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        _store.Time.Advance(3650 * Day);

        (await _store.PurgeOnceAsync(null)).ShouldBe(default);

        (await _fixture.FindAsync(e.Key))!.BodyRemoved.ShouldBeFalse();
    }

    [Fact]
    public async Task Ended_shipment_keeps_what_the_routing_decisions_of_later_events_need()
    {
        var delivered = Shipped("dhl", EventType.Delivered, "2026-02-01T00:00:00Z");
        var before = (await _store.ApplyAsync(
            [Shipped("dhl", EventType.Created, "2026-01-15T00:00:00Z"), delivered]))[1];
        await _store.ApplyAsync(
            [Shipped("dhl", EventType.Created, "2026-01-15T00:00:00Z") with { ShipmentId = "sh-active" }]);
        _store.Time.Advance(31 * Day);

        (await _store.PurgeOnceAsync(Ages)).Trimmed.ShouldBe(1);
        (await _store.PurgeOnceAsync(Ages)).Trimmed.ShouldBe(0);

        var trimmed = (await _store.ShipmentAsync("sh-1")).ShouldNotBeNull();
        trimmed.ShouldBe(before with { MerchantId = "", CreatedAt = null });
        (await _store.ShipmentAsync("sh-active"))!.MerchantId.ShouldBe("m-1");
        var late = Shipped("dhl", EventType.Updated, "2026-01-01T00:00:00Z");
        (await _store.ApplyAsync([late])).Single().ShouldBe(before with { CreatedAt = late.ReceivedAt });
    }

    private EventEntity Shipped(string company, EventType type, string occurredAt) => new()
    {
        Key = new EventKey(company, type.Text()), MerchantId = "m-1", ShipmentId = "sh-1", Type = type,
        OccurredAt = DateTimeOffset.Parse(occurredAt, System.Globalization.CultureInfo.InvariantCulture),
            ReceivedAt = _store.Time.GetUtcNow(),
    };
}
