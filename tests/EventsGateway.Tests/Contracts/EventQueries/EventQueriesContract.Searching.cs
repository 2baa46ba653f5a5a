using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventQueries;

/// <summary>Searches by a part of a text, and their bounds.</summary>
public abstract partial class EventQueriesContract
{
    private static readonly string[] Ids = ["evt-1", "evt-10", "evt-2", "EVT-1", "evt-é", "evt-", "evt%1", "evt_1", "zzz"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prefix_finds_the_ids_that_begin_with_it(bool isByTime)
    {
        AcceptedEvent[] events =
        [
            .. new[] { "dhl", "ups" }.SelectMany(company => Ids.Select(id => _newEvents.Next() with
            {
                Key = new EventKey(company, id), ShipmentId = $"sh-{id}",
            })),
        ];
        await _store.Events.AddAsync(events);

        foreach (var prefix in new[] { "evt-1", "evt-", "evt", "e", "E", "evt-é", "evt%", "evt_", "evt-11", "zzzz" })
        {
            var expected = events.Where(e => e.Key.EventId.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            var filter = new EventFilter { EventIdPrefix = prefix, IsByTime = isByTime };
            (await KeysAsync(filter)).ShouldBe(expected.Select(e => e.Key), ignoreOrder: true, prefix);
            (await KeysAsync(filter with { ShippingCompanyId = "ups" }))
                .ShouldBe(expected.Select(e => e.Key).Where(key => key.ShippingCompanyId == "ups"), ignoreOrder: true, prefix);
            (await KeysAsync(new EventFilter { ShipmentIdPrefix = $"sh-{prefix}", IsByTime = isByTime }))
                .ShouldBe(expected.Select(e => e.Key), ignoreOrder: true, prefix);
        }

        (await KeysAsync(new EventFilter { EventIdPrefix = "evt-", ShipmentIdPrefix = "sh-evt-1", IsByTime = isByTime }))
            .Count().ShouldBe(4);
        (await KeysAsync(new EventFilter { EventIdPrefix = "evt-", Status = EventStatus.Failed, IsByTime = isByTime }))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_of_a_prefix_are_ordered_and_repeat_nothing()
    {
        var events = await AddOfEveryStatusAsync(12);
        var filter = new EventFilter { EventIdPrefix = events[0].Key.EventId[..3] };
        var all = (await KeysAsync(filter)).ToList();

        var seen = new List<EventKey>();
        EventCursor? cursor = null;
        while (await _store.Queries.ListAsync(filter, cursor, 5, CancellationToken.None) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(e => e.Key));
            cursor = new EventCursor(page[^1].ReceivedAt, page[^1].Key);
        }

        all.ShouldBe(Ordered(events.Where(e => e.Key.EventId.StartsWith(filter.EventIdPrefix, StringComparison.Ordinal))));
        seen.ShouldBe(all);
    }

    [Fact]
    public async Task Trace_id_and_route_id_find_their_events()
    {
        var trace = $"{Guid.NewGuid():n}";
        var traced = _newEvents.Next() with { Traceparent = $"00-{trace}-00f067aa0ba902b7-01" };
        var other = _newEvents.Next() with { Traceparent = $"00-{Guid.NewGuid():n}-00f067aa0ba902b7-01" };
        await _store.Events.AddAsync([traced, other, _newEvents.Next()]);
        await SettleAsync(AttemptOutcomeKind.Completed, EventOutcome.Routed);
        var routed = (await KeysAsync(new EventFilter { Status = EventStatus.Processed })).ShouldHaveSingleItem();

        (await KeysAsync(new EventFilter { TraceId = trace })).ShouldBe([traced.Key]);
        (await KeysAsync(new EventFilter { TraceId = trace, MerchantId = "none" })).ShouldBeEmpty();
        (await KeysAsync(new EventFilter { TraceId = $"{Guid.NewGuid():n}" })).ShouldBeEmpty();
        (await KeysAsync(new EventFilter { RouteId = "RoID-7" })).ShouldBe([routed]);
        (await KeysAsync(new EventFilter { RouteId = "RoID-" })).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Text_finds_the_events_whose_last_error_contains_it(bool isByTime)
    {
        var found = new List<EventKey>();
        foreach (var error in new[] { "answered 422: Merchant (x) unknown", "answered 503", "a.b*c" })
        {
            found.Add((await AddOneAsync()).Key);
            await SettleAsync(AttemptOutcomeKind.Failed, FailureReasonText.RejectedByRouter, error);
        }

        var retried = await AddOneAsync();
        await SettleAsync(AttemptOutcomeKind.RetryScheduled, error: "answered 503");

        (await FoundAsync("answered")).ShouldBe([found[0], found[1]], ignoreOrder: true);
        (await FoundAsync("MERCHANT (X)")).ShouldBe([found[0]]);
        (await FoundAsync("a.b*c")).ShouldBe([found[2]]);
        (await FoundAsync(".*")).ShouldBeEmpty();
        (await FoundAsync("%")).ShouldBeEmpty();
        (await FoundAsync("503", EventStatus.Pending)).ShouldBe([retried.Key]);
        (await FoundAsync("503", EventStatus.Processed)).ShouldBeEmpty();

        Task<IEnumerable<EventKey>> FoundAsync(string text, EventStatus status = EventStatus.Failed)
            => KeysAsync(new EventFilter { ErrorText = text, Status = status, IsByTime = isByTime });
    }

    [Fact]
    public async Task Replay_takes_the_events_of_a_prefix_and_of_a_text_alone()
    {
        foreach (var error in new[] { "one", "two" })
        {
            await _store.Events.AddAsync([_newEvents.Next() with { Key = new EventKey("dhl", $"{error}-1") }]);
            await SettleAsync(AttemptOutcomeKind.Failed, FailureReasonText.RejectedByRouter, error);
        }

        _store.Time.Advance(Second);
        (await _store.Events.RequeueAsync(new EventFilter { EventIdPrefix = "one" }, 9, "mira")).Replayed.ShouldBe(1);
        (await _store.Events.RequeueAsync(new EventFilter { ErrorText = "tw" }, 9, "mira")).Replayed.ShouldBe(1);

        (await KeysAsync(new EventFilter { Status = EventStatus.Failed })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Matches_are_counted_up_to_a_limit()
    {
        var events = await AddOfEveryStatusAsync(30);

        (await CountAsync(new EventFilter(), 100)).ShouldBe(30);
        (await CountAsync(new EventFilter(), 7)).ShouldBe(7);
        (await CountAsync(new EventFilter { Status = EventStatus.Failed }, 100))
            .ShouldBe(events.Count(e => e.Status == EventStatus.Failed));
        (await CountAsync(new EventFilter { EventIdPrefix = events[3].Key.EventId }, 100)).ShouldBeGreaterThan(0);
        (await CountAsync(new EventFilter { EventId = "none" }, 100)).ShouldBe(0);

        Task<int> CountAsync(EventFilter filter, int atMost)
            => _store.Queries.CountAsync(filter, atMost, CancellationToken.None);
    }

    [Fact]
    public async Task Time_of_the_event_with_so_many_newer_ones_is_known()
    {
        var events = await AddOfEveryStatusAsync(5);

        (await AtAsync(null, 0)).ShouldBe(events[4].ReceivedAt);
        (await AtAsync(null, 3)).ShouldBe(events[1].ReceivedAt);
        (await AtAsync(null, 5)).ShouldBeNull();
        (await AtAsync(events[3].ReceivedAt, 1)).ShouldBe(events[1].ReceivedAt);

        Task<DateTimeOffset?> AtAsync(DateTimeOffset? before, int newer)
            => _store.Queries.ReceivedAtAsync(before, newer, CancellationToken.None);
    }

    [Fact]
    public async Task Newest_failed_events_are_shared_by_source_and_merchant()
    {
        foreach (var (source, merchant, error) in new[]
        {
            (CanonicalEvent.BuiltInSource, "m-1", "503"), ("dhl", "m-2", "503"), (CanonicalEvent.BuiltInSource, "m-1", "503"),
            ("ups", "m-3", "503"), ("dhl", "m-4", "422"),
        })
        {
            await _store.Events.AddAsync([_newEvents.Next() with { Source = source, MerchantId = merchant }]);
            await SettleAsync(AttemptOutcomeKind.Failed, FailureReasonText.RejectedByRouter, error);
            _store.Time.Advance(Second);
        }

        await AddOneAsync();
        var group = new EventFilter
        {
            Status = EventStatus.Failed, Outcome = FailureReasonText.RejectedByRouter, LastError = "503",
        };

        (await ShareAsync(group, 100)).ShouldBe([("gateway", "m-1", 2), ("dhl", "m-2", 1), ("ups", "m-3", 1)]);
        (await ShareAsync(group, 2)).ShouldBe([("gateway", "m-1", 1), ("ups", "m-3", 1)]);
        (await ShareAsync(group with { Source = "dhl" }, 100)).ShouldBe([("dhl", "m-2", 1)]);
        (await ShareAsync(group with { LastError = "none" }, 100)).ShouldBeEmpty();

        async Task<IEnumerable<(string, string, long)>> ShareAsync(EventFilter filter, int newest)
            => (await _store.Queries.ShareAsync(filter, newest, CancellationToken.None))
                .Select(share => (share.Source, share.MerchantId, share.Count));
    }

    private async Task<AcceptedEvent> AddOneAsync()
    {
        var e = _newEvents.Next();
        await _store.Events.AddAsync([e]);
        return e;
    }
}
