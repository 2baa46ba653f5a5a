using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventQueries;

/// <summary>What readers of every store are promised.</summary>
public abstract partial class EventQueriesContract : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly StoreHarness _store;
    private readonly AcceptedEvents _newEvents;

    private protected EventQueriesContract(StoreHarness store) => (_store, _newEvents) = (store, new AcceptedEvents(store.Time));

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Every_combination_of_conditions_lists_exactly_the_matching_events()
    {
        var events = await AddOfEveryStatusAsync(80);
        var one = events[40];
        for (var chosen = 0; chosen < 1 << 7; chosen++)
        {
            var filter = new EventFilter
            {
                Status = (chosen & 1) == 0 ? null : EventStatus.Failed,
                ShipmentId = (chosen & 2) == 0 ? null : one.ShipmentId,
                MerchantId = (chosen & 4) == 0 ? null : one.MerchantId,
                ShippingCompanyId = (chosen & 8) == 0 ? null : one.Key.ShippingCompanyId,
                Type = (chosen & 16) == 0 ? null : one.Type,
                From = (chosen & 32) == 0 ? null : events[10].ReceivedAt,
                To = (chosen & 64) == 0 ? null : events[70].ReceivedAt,
            };

            (await KeysAsync(filter)).ShouldBe(Ordered(events.Where(e => Matches(filter, e))), $"with {filter}");
        }
    }

    [Theory]
    [InlineData(EventStatus.Pending)]
    [InlineData(EventStatus.Processed)]
    [InlineData(EventStatus.Failed)]
    public async Task Each_status_can_be_listed(object status)
    {
        var events = await AddOfEveryStatusAsync(30);

        var listed = await KeysAsync(new EventFilter { Status = (EventStatus)status });

        listed.ShouldNotBeEmpty();
        listed.ShouldBe(Ordered(events.Where(e => e.Status == (EventStatus)status)));
    }

    [Fact]
    public async Task Events_are_listed_by_source()
    {
        AcceptedEvent[] events = [_newEvents.OfSource("dhl"), _newEvents.Next(), _newEvents.OfSource("ups"), _newEvents.Next()];
        await _store.Events.AddAsync(events);

        (await _store.Queries.ListAsync(new EventFilter { Source = "dhl" }, null, 9, CancellationToken.None))
            .ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                e => e.Key.ShouldBe(events[0].Key), e => e.Source.ShouldBe("dhl"), e => e.Details.ShouldBe(EventDetails.None));
        (await KeysAsync(new EventFilter { Source = CanonicalEvent.BuiltInSource }))
            .ShouldBe([events[1].Key, events[3].Key], ignoreOrder: true);
        (await KeysAsync(new EventFilter { Source = "ups", MerchantId = events[2].MerchantId })).ShouldBe([events[2].Key]);
        (await KeysAsync(new EventFilter { Source = "ups", Status = EventStatus.Failed })).ShouldBeEmpty();
        (await KeysAsync(new EventFilter { Source = "none" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task From_is_inclusive_and_to_is_exclusive()
    {
        var events = await AddOfEveryStatusAsync(3);

        (await KeysAsync(new EventFilter { From = events[1].ReceivedAt })).ShouldBe([events[2].Key, events[1].Key]);
        (await KeysAsync(new EventFilter { To = events[1].ReceivedAt })).ShouldBe([events[0].Key]);
        (await KeysAsync(new EventFilter { From = events[1].ReceivedAt, To = events[1].ReceivedAt })).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    public async Task Pages_are_stable_while_events_arrive(int limit)
    {
        var events = _newEvents.Take(40).Select((e, i) => e with { ReceivedAt = e.ReceivedAt + (i / 10 * Second) }).ToArray();
        _store.Time.Advance(TimeSpan.FromMinutes(1));
        await _store.Events.AddAsync(events);

        var seen = new List<EventKey>();
        EventCursor? cursor = null;
        while (true)
        {
            var page = await _store.Queries.ListAsync(new EventFilter(), cursor, limit, CancellationToken.None);
            if (page.Count == 0) break;
            page.Count.ShouldBeLessThanOrEqualTo(limit);
            seen.AddRange(page.Select(e => e.Key));
            cursor = new EventCursor(page[^1].ReceivedAt, page[^1].Key);
            await _store.Events.AddAsync([_newEvents.Next()]);
        }

        seen.ShouldBe(InOrder(events.Select(e => (e.ReceivedAt, e.Key))));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public async Task Any_time_can_be_a_filter(string moment)
    {
        var events = await AddOfEveryStatusAsync(2);
        var at = DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture);

        (await KeysAsync(new EventFilter { To = at })).ShouldBe(Ordered(events.Where(e => e.ReceivedAt < at)));
        (await KeysAsync(new EventFilter { From = at })).ShouldBe(Ordered(events.Where(e => e.ReceivedAt >= at)));
        (await KeysAsync(new EventFilter { From = DateTimeOffset.MinValue, To = at }))
            .ShouldBe(Ordered(events.Where(e => e.ReceivedAt < at)));
    }

    [Fact]
    public async Task Request_id_of_the_sender_or_of_the_gateway_finds_its_event()
    {
        var now = _store.Time.GetUtcNow();
        var events = _newEvents.Take(6).Select((e, i) => e with
        {
            AcceptId = Guid.CreateVersion7(now), ReceivedAt = now, RequestId = i < 3 ? $"r-{i / 2}" : null,
        }).ToList();
        var ownUuid = events[5] with
        {
            Key = new EventKey("dhl", "own"), AcceptId = Guid.NewGuid(), RequestId = $"{Guid.CreateVersion7()}",
        };
        await _store.Events.AddAsync([.. events, ownUuid]);

        (await KeysAsync(new EventFilter { RequestId = "r-0" })).ShouldBe([events[0].Key, events[1].Key], ignoreOrder: true);
        (await KeysAsync(new EventFilter { RequestId = "r-0", EventId = events[1].Key.EventId })).ShouldBe([events[1].Key]);
        (await KeysAsync(new EventFilter { RequestId = "r-2" })).ShouldBeEmpty();
        (await KeysAsync(new EventFilter { RequestId = events[4].AcceptId.ToString() })).ShouldBe([events[4].Key]);
        (await KeysAsync(new EventFilter { RequestId = ownUuid.RequestId })).ShouldBe([ownUuid.Key]);
        (await KeysAsync(new EventFilter { RequestId = $"{Guid.CreateVersion7(now)}" })).ShouldBeEmpty();
        (await KeysAsync(new EventFilter { RequestId = "ffffffff-ffff-7fff-bfff-ffffffffffff" })).ShouldBeEmpty();
        (await KeysAsync(new EventFilter { RequestId = $"{events[4].AcceptId}", Status = EventStatus.Failed })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_id_finds_the_events_of_each_company()
    {
        var at = _store.Time.GetUtcNow();
        AcceptedEvent[] events =
        [
            .. new[] { "aramex", "bosta", "dhl", "dhl 2", "~x", "é" }.SelectMany(
                (company, i) => new[] { "7", "70", "é" }.Select(id => _newEvents.Next() with
            {
                Key = new EventKey(company, id), ShipmentId = $"sh-{i % 2}", MerchantId = $"m-{i % 3}",
                    ReceivedAt = at + (i / 2 * Second),
            })),
        ];
        _store.Time.Advance(3 * Second);
        await _store.Events.AddAsync(events);
        var sevens = events.Where(e => e.Key.EventId == "7").ToList();

        (await KeysAsync(new EventFilter { EventId = "7" })).ShouldBe(InOrder(sevens.Select(e => (e.ReceivedAt, e.Key))));
        (await KeysAsync(new EventFilter { EventId = "é" })).Count().ShouldBe(6);
        (await KeysAsync(new EventFilter { EventId = "none" })).ShouldBeEmpty();
        (await KeysAsync(new EventFilter { EventId = "7", ShippingCompanyId = "dhl" })).ShouldBe([new EventKey("dhl", "7")]);
        (await KeysAsync(new EventFilter { EventId = "7", ShippingCompanyId = "none" })).ShouldBeEmpty();
        (await KeysAsync(new EventFilter { EventId = "7", ShipmentId = "sh-0", MerchantId = "m-0",
            Status = EventStatus.Pending })).ShouldBe([new EventKey("aramex", "7")]);
        (await KeysAsync(new EventFilter { EventId = "7", From = at + Second, To = at + (2 * Second) }))
            .ShouldBe([new EventKey("dhl", "7"), new EventKey("dhl 2", "7")]);
        foreach (var failed in new[] { new EventFilter { Status = EventStatus.Failed }, new EventFilter { LastError = "503" },
            new EventFilter { Outcome = EventOutcome.Late } })
        {
            (await KeysAsync(failed with { EventId = "7" })).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Pages_of_one_event_id_repeat_nothing_and_miss_nothing()
    {
        var events = Enumerable.Range(0, 9).Select(i => _newEvents.Next() with { Key = new EventKey($"courier-{i}", "7") })
            .ToArray();
        await _store.Events.AddAsync([.. events, .. _newEvents.Take(9)]);

        var seen = new List<EventKey>();
        EventCursor? cursor = null;
        while (await _store.Queries.ListAsync(
            new EventFilter { EventId = "7" }, cursor, 2, CancellationToken.None) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(e => e.Key));
            cursor = new EventCursor(page[^1].ReceivedAt, page[^1].Key);
        }

        seen.ShouldBe(InOrder(events.Select(e => (e.ReceivedAt, e.Key))));
    }

    [Fact]
    public async Task Event_is_in_work_while_its_claim_lasts()
    {
        var e = _newEvents.Next();
        await _store.Events.AddAsync([e]);
        (await IsInWorkAsync()).ShouldBeFalse("the event is not claimed");
        var claimed = await ClaimAsync();
        (await IsInWorkAsync()).ShouldBeTrue();
        _store.Time.Advance(TimeSpan.FromSeconds(29));
        (await IsInWorkAsync()).ShouldBeTrue();
        _store.Time.Advance(Second);
        (await IsInWorkAsync()).ShouldBeFalse("the lease has ended, although the claim is still stored");

        await _store.Events.SaveOutcomesAsync(
            [new AttemptOutcome { Key = e.Key, Token = claimed.Token, Kind = AttemptOutcomeKind.RetryScheduled,
                Wait = 60 * Second, Error = "away" }]);
        (await IsInWorkAsync()).ShouldBeFalse("it waits for its retry");

        async Task<bool> IsInWorkAsync() => (await _store.Queries.FindAsync(e.Key, CancellationToken.None))
            .ShouldNotBeNull().IsInWork;
    }

    [Fact]
    public async Task Pages_of_a_filtered_list_are_filtered()
    {
        var events = await AddOfEveryStatusAsync(40);
        var filter = new EventFilter { Status = EventStatus.Pending };
        var first = await _store.Queries.ListAsync(filter, null, 3, CancellationToken.None);

        var rest = await _store.Queries.ListAsync(
            filter, new EventCursor(first[^1].ReceivedAt, first[^1].Key), 100, CancellationToken.None);

        first.Concat(rest).Select(e => e.Key).ShouldBe(Ordered(events.Where(e => e.Status == EventStatus.Pending)));
    }

    [Fact]
    public async Task Lists_contain_no_bodies_and_histories_and_a_single_event_has_both()
    {
        var e = (await AddOfEveryStatusAsync(1)).Single();
        await SettleAsync(AttemptOutcomeKind.Completed);

        var listed = (await _store.Queries.ListAsync(new EventFilter(), null, 10, CancellationToken.None)).ShouldHaveSingleItem();
        var found = (await _store.Queries.FindAsync(e.Key, CancellationToken.None)).ShouldNotBeNull();

        listed.Body.IsEmpty.ShouldBeTrue();
        listed.Attempts.ShouldBeEmpty();
        listed.RouteId.ShouldBe("RoID-7");
        found.Body.IsEmpty.ShouldBeFalse();
        found.Attempts.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_unknown_key_is_not_found()
    {
        var e = (await AddOfEveryStatusAsync(1)).Single();

        (await _store.Queries.FindAsync(e.Key with { ShippingCompanyId = "fedex" }, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Counts_by_status_survive_a_restart()
    {
        var events = await AddOfEveryStatusAsync(30);
        await _store.ReopenAsync();

        var counts = await _store.Queries.CountAsync(CancellationToken.None);

        counts.Pending.ShouldBe(events.Count(e => e.Status == EventStatus.Pending));
        counts.Processed.ShouldBe(events.Count(e => e.Status == EventStatus.Processed));
        counts.Failed.ShouldBe(events.Count(e => e.Status == EventStatus.Failed));
        counts.Accepted.ShouldBe(30);
    }

    [Fact]
    public async Task Counts_of_one_snapshot_add_up_while_statuses_change()
    {
        await _store.Events.AddAsync(_newEvents.Take(60));
        var moving = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++) await SettleAsync(i % 2 == 0 ? AttemptOutcomeKind.Completed : AttemptOutcomeKind.Failed);
        });

        do (await _store.Queries.CountAsync(CancellationToken.None)).Accepted.ShouldBe(60);
        while (!moving.IsCompleted);
        await moving;

        (await _store.Queries.CountAsync(CancellationToken.None)).Pending.ShouldBe(0);
    }

    [Fact]
    public async Task Age_of_the_oldest_pending_event_ignores_settled_ones()
    {
        (await OldestPendingAsync()).ShouldBeNull();
        await _store.Events.AddAsync([_newEvents.Next()]);
        _store.Time.Advance(Second);
        await _store.Events.AddAsync([_newEvents.Next()]);
        _store.Time.Advance(Second);

        (await OldestPendingAsync()).ShouldBe(2 * Second);
        await SettleAsync(AttemptOutcomeKind.Failed);
        (await OldestPendingAsync()).ShouldBe(Second);
        await SettleAsync(AttemptOutcomeKind.Completed);
        (await OldestPendingAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Replayed_event_has_its_age_since_the_replay()
    {
        var old = _newEvents.Next();
        await _store.Events.AddAsync([old]);
        await SettleAsync(AttemptOutcomeKind.Failed);
        _store.Time.Advance(TimeSpan.FromDays(7));
        await _store.Events.RequeueAsync([old.Key], "mira");
        (await OldestPendingAsync()).ShouldBe(TimeSpan.Zero);
        _store.Time.Advance(Second);
        (await OldestPendingAsync()).ShouldBe(Second);

        await _store.Events.AddAsync([_newEvents.Next() with { ReceivedAt = _store.Time.GetUtcNow() - (5 * Second) }]);

        (await OldestPendingAsync()).ShouldBe(5 * Second);
    }

    [Fact]
    public async Task Oldest_due_event_shows_for_how_long_it_is_due()
    {
        (await OldestDueAsync()).ShouldBeNull();
        await _store.Events.AddAsync([_newEvents.Next()]);
        _store.Time.Advance(2 * Second);
        await _store.Events.AddAsync([_newEvents.Next()]);
        _store.Time.Advance(Second);

        (await OldestDueAsync()).ShouldBe(3 * Second);
        await SettleAsync(AttemptOutcomeKind.Completed);
        (await OldestDueAsync()).ShouldBe(Second);
    }

    [Fact]
    public async Task Claimed_or_retrying_event_is_not_due()
    {
        await _store.Events.AddAsync([_newEvents.Next()]);
        var claimed = await ClaimAsync();
        _store.Time.Advance(Second);
        (await OldestDueAsync()).ShouldBeNull();

        await _store.Events.SaveOutcomesAsync(
            [new AttemptOutcome { Key = claimed.Event.Key, Token = claimed.Token, Kind = AttemptOutcomeKind.RetryScheduled,
                Wait = 5 * Second, Error = "away" }]);
        _store.Time.Advance(4 * Second);
        (await OldestDueAsync()).ShouldBeNull();
        _store.Time.Advance(2 * Second);
        (await OldestDueAsync()).ShouldBe(Second);
    }

    [Fact]
    public async Task Failed_events_are_grouped_by_reason_and_error()
    {
        var begun = _store.Time.GetUtcNow();
        foreach (var (outcome, error) in new[]
        {
            (FailureReasonText.RetriesExhausted, "503"), (FailureReasonText.RetriesExhausted, "503"),
                (FailureReasonText.RetriesExhausted, "timed out"),
            (FailureReasonText.RejectedByRouter, "503"), (FailureReasonText.ShipmentEnded, "shipment 1"),
                (FailureReasonText.ShipmentEnded, "shipment 2"), (FailureReasonText.ShipmentEnded, "shipment 3"),
        })
        {
            await _store.Events.AddAsync([_newEvents.Next()]);
            await SettleAsync(AttemptOutcomeKind.Failed, outcome, error);
            _store.Time.Advance(Second);
        }

        await _store.Events.AddAsync([_newEvents.Next(), _newEvents.Next()]);
        await SettleAsync(AttemptOutcomeKind.Completed);
        await SettleAsync(AttemptOutcomeKind.RetryScheduled, error: "503");

        var failures = await _store.Queries.GroupFailuresAsync(3, null, CancellationToken.None);

        failures.Total.ShouldBe(7);
        failures.Groups.Select(group => (group.Outcome, group.Error, group.Count)).ShouldBe(
            [(FailureReasonText.ShipmentEnded, null, 3), (FailureReasonText.RetriesExhausted, "503", 2),
                (FailureReasonText.RejectedByRouter, "503", 1)]);
        (failures.Groups[1].Oldest, failures.Groups[1].Newest).ShouldBe((begun, begun + Second));
    }

    [Fact]
    public async Task Failed_events_are_grouped_of_one_source()
    {
        var (mine, builtIn) = (_newEvents.OfSource(), _newEvents.Next());
        foreach (var e in new[] { mine, builtIn, _newEvents.Next() })
        {
            await _store.Events.AddAsync([e]);
            await SettleAsync(AttemptOutcomeKind.Failed, FailureReasonText.RejectedByRouter, "503");
        }

        (await GroupsAsync(mine.Source)).ShouldBe([(FailureReasonText.RejectedByRouter, "503", 1)]);
        (await GroupsAsync("gateway")).ShouldBe([(FailureReasonText.RejectedByRouter, "503", 2)]);
        (await GroupsAsync("another")).ShouldBeEmpty();
        (await _store.Queries.GroupFailuresAsync(3, mine.Source, CancellationToken.None)).Total.ShouldBe(1);

        async Task<IEnumerable<(string, string?, long)>> GroupsAsync(string source)
            => (await _store.Queries.GroupFailuresAsync(3, source, CancellationToken.None)).Groups
                .Select(group => (group.Outcome, group.Error, group.Count));
    }

    [Fact]
    public async Task No_failed_event_means_no_group()
    {
        await _store.Events.AddAsync([_newEvents.Next()]);

        (await _store.Queries.GroupFailuresAsync(10, null, CancellationToken.None)).ShouldSatisfyAllConditions(
            failures => failures.Groups.ShouldBeEmpty(), failures => failures.Total.ShouldBe(0));
    }

    [Fact]
    public async Task Settled_events_are_found_by_their_outcome()
    {
        var found = new List<EventKey>();
        foreach (var (outcome, error) in new[] { (FailureReasonText.RejectedByRouter, "503"),
            (FailureReasonText.RejectedByRouter, "400"), (FailureReasonText.DeadlineExceeded, "503") })
        {
            found.Add(_newEvents.Next().Key);
            await _store.Events.AddAsync([_newEvents.Next() with { Key = found[^1] }]);
            await SettleAsync(AttemptOutcomeKind.Failed, outcome, error);
            _store.Time.Advance(Second);
        }

        foreach (var outcome in new[] { EventOutcome.Routed, EventOutcome.Late })
        {
            found.Add(_newEvents.Next().Key);
            await _store.Events.AddAsync([_newEvents.Next() with { Key = found[^1] }]);
            await SettleAsync(AttemptOutcomeKind.Completed, outcome);
        }

        await _store.Events.AddAsync([_newEvents.Next()]);
        await SettleAsync(AttemptOutcomeKind.RetryScheduled, error: "503");

        (await KeysAsync(new EventFilter { Outcome = EventOutcome.Routed })).ShouldBe([found[3]]);
        (await KeysAsync(new EventFilter { Outcome = EventOutcome.Late })).ShouldBe([found[4]]);
        (await KeysAsync(new EventFilter { Outcome = EventOutcome.Late, Status = EventStatus.Failed })).ShouldBeEmpty();
        (await KeysAsync(new EventFilter { Outcome = FailureReasonText.RejectedByRouter })).ShouldBe([found[1], found[0]]);
        (await KeysAsync(new EventFilter { LastError = "503" })).ShouldBe([found[2], found[0]]);
        (await KeysAsync(new EventFilter { Outcome = FailureReasonText.RejectedByRouter, LastError = "503" }))
            .ShouldBe([found[0]]);
        (await KeysAsync(new EventFilter { Outcome = FailureReasonText.RejectedByRouter, Status = EventStatus.Failed }))
            .ShouldBe([found[1], found[0]]);
        (await KeysAsync(new EventFilter { LastError = "503", Status = EventStatus.Pending })).ShouldBeEmpty();
        (await KeysAsync(new EventFilter { Outcome = FailureReasonText.Poison })).ShouldBeEmpty();
        (await KeysAsync(new EventFilter { LastError = "50" })).ShouldBeEmpty();
    }

    private static bool Matches(EventFilter filter, EventEntity e)
        => (filter.Status is null || filter.Status == e.Status)
            && (filter.ShipmentId is null || filter.ShipmentId == e.ShipmentId)
            && (filter.MerchantId is null || filter.MerchantId == e.MerchantId) && (filter.Type is null || filter.Type == e.Type)
            && (filter.ShippingCompanyId is null || filter.ShippingCompanyId == e.Key.ShippingCompanyId)
            && (filter.From is null || e.ReceivedAt >= filter.From) && (filter.To is null || e.ReceivedAt < filter.To);

    private static IEnumerable<EventKey> Ordered(IEnumerable<EventEntity> events)
        => InOrder(events.Select(e => (e.ReceivedAt, e.Key)));

    private static IEnumerable<EventKey> InOrder(IEnumerable<(DateTimeOffset ReceivedAt, EventKey Key)> events)
        => events.OrderByDescending(e => e.ReceivedAt)
            .ThenBy(e => e.Key.ShippingCompanyId, StringComparer.Ordinal).ThenBy(e => e.Key.EventId, StringComparer.Ordinal)
            .Select(e => e.Key);

    private async Task<TimeSpan?> OldestPendingAsync()
    {
        var (counts, pending) = (
            await _store.Queries.CountAsync(CancellationToken.None), await _store.Queries.PendingAsync(CancellationToken.None));
        (pending.Count, pending.Oldest).ShouldBe((counts.Pending, counts.OldestPending));
        return counts.OldestPending;
    }

    private async Task<TimeSpan?> OldestDueAsync() => (await _store.Queries.PendingAsync(CancellationToken.None)).OldestDue;

    private async Task<IEnumerable<EventKey>> KeysAsync(EventFilter filter)
        => (await _store.Queries.ListAsync(filter, null, 1000, CancellationToken.None)).Select(e => e.Key);

    /// <summary>A second apart, a third of each status, four events for each shipment.</summary>
    private async Task<EventEntity[]> AddOfEveryStatusAsync(int count)
    {
        var added = new List<AcceptedEvent>();
        for (; added.Count < count; _store.Time.Advance(Second))
        {
            added.Add(_newEvents.Next() with { ShipmentId = $"sh-{added.Count / 4}" });
            await _store.Events.AddAsync([added[^1]]);
            if (added.Count % 3 != 1)
                await SettleAsync(added.Count % 3 == 0 ? AttemptOutcomeKind.Completed : AttemptOutcomeKind.Failed);
        }

        var stored = await Task.WhenAll(added.Select(e => _store.Queries.FindAsync(e.Key, CancellationToken.None)));
        return [.. stored.Select(e => e.ShouldNotBeNull())];
    }

    /// <summary>Ends the oldest due event.</summary>
    private async Task SettleAsync(AttemptOutcomeKind end, string? reason = null, string? error = null)
    {
        var claimed = await ClaimAsync();
        var outcome = new AttemptOutcome
        {
            Key = claimed.Event.Key, Token = claimed.Token, Kind = end, RouteId = reason == EventOutcome.Late ? null : "RoID-7",
            Reason = end == AttemptOutcomeKind.Failed ? FailureReasonText.Parse(reason) : null, Error = error, Wait = Second,
            Record = new AttemptRecord(1, 1, claimed.ClaimedAt, 5, AttemptResult.Routed, null),
        };
        (await _store.Events.SaveOutcomesAsync([outcome])).ShouldBe([true]);
    }

    private async Task<ClaimedEvent> ClaimAsync()
        => (await _store.Events.ClaimDueAsync(
            new ClaimRequest(1, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)))).Events.ShouldHaveSingleItem();
}
