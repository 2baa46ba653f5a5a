using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public abstract partial class EventRepositoryContract
{
    [Fact]
    public async Task Claim_takes_the_oldest_due_events_up_to_the_limit()
    {
        var added = await AddOneByOneAsync(5);

        (await ClaimAsync(limit: 2)).Events.Select(claimed => claimed.Event.Key)
            .ShouldBe(added[..2].Select(e => e.Key), ignoreOrder: true);
        (await ClaimAsync(limit: 2)).Events.Select(claimed => claimed.Event.Key)
            .ShouldBe(added[2..4].Select(e => e.Key), ignoreOrder: true);
        (await ClaimAsync(limit: 2)).Events.ShouldHaveSingleItem().Event.Key.ShouldBe(added[4].Key);
    }

    [Fact]
    public async Task Claimed_event_has_its_body_its_token_and_the_time_of_the_claim()
    {
        var e = await AddNewAsync();

        var claimed = await ClaimOneAsync();

        claimed.Event.Body.ToArray().ShouldBe(e.Body);
        claimed.Event.Type.ShouldBe(e.Type);
        claimed.Event.OccurredAt.ShouldBe(e.OccurredAt);
        claimed.Token.ShouldNotBe(Guid.Empty);
        claimed.ClaimedAt.ShouldBe(_store.Time.GetUtcNow());
    }

    [Fact]
    public async Task Claimed_event_is_not_claimed_again_before_its_lease_ends()
    {
        await AddNewAsync();
        var first = await ClaimOneAsync();

        _store.Time.Advance(Lease - Tick);
        (await ClaimAsync()).Events.ShouldBeEmpty();

        _store.Time.Advance(Tick + TimeSpan.FromSeconds(1));
        await ClaimAsync();
        _store.Time.Advance(TimeSpan.FromSeconds(1));
        (await ClaimOneAsync()).Token.ShouldNotBe(first.Token);
    }

    [Fact]
    public async Task Waiting_event_is_claimed_when_it_is_due()
    {
        await AddNewAsync();
        await SaveAsync(Retry(await ClaimOneAsync(), TimeSpan.FromSeconds(4)));

        _store.Time.Advance(TimeSpan.FromSeconds(4) - Tick);
        (await ClaimAsync()).Events.ShouldBeEmpty();

        _store.Time.Advance(Tick);
        (await ClaimOneAsync()).Event.AttemptsSpent.ShouldBe(1);
    }

    [Fact]
    public async Task Wait_survives_a_restart()
    {
        await AddNewAsync();
        await SaveAsync(Retry(await ClaimOneAsync(), TimeSpan.FromMinutes(4)));

        await _store.ReopenAsync();

        var batch = await ClaimAsync();
        batch.Events.ShouldBeEmpty();
        batch.NextDueIn.ShouldBe(TimeSpan.FromMinutes(4));
    }

    [Fact]
    public async Task Settled_events_are_never_claimed()
    {
        await AddFailedAsync();
        await AddNewAsync();
        await SaveAsync(Processed(await ClaimOneAsync()));

        _store.Time.Advance(TimeSpan.FromDays(2));

        var batch = await ClaimAsync();
        batch.Events.ShouldBeEmpty();
        batch.NextDueIn.ShouldBeNull();
    }

    [Fact]
    public async Task Event_that_was_just_tried_comes_after_all_due_events()
    {
        var added = await AddOneByOneAsync(3);
        var asked = new List<EventKey>();
        for (var turn = 0; turn < 4; turn++)
        {
            _store.Time.Advance(TimeSpan.FromSeconds(5));
            var claimed = (await ClaimAsync(limit: 1)).Events.ShouldHaveSingleItem();
            asked.Add(claimed.Event.Key);
            await SaveAsync(Probed(claimed, TimeSpan.FromSeconds(1)));
        }

        asked.ShouldBe([added[0].Key, added[1].Key, added[2].Key, added[0].Key]);
    }

    [Fact]
    public async Task Random_claim_takes_any_due_event_and_always_one()
    {
        var added = await AddOneByOneAsync(3);
        var taken = new HashSet<EventKey>();
        for (var i = 0; i < 100 && taken.Count < added.Length; i++)
        {
            var claimed = (await ClaimAsync(limit: 1, ClaimOrder.Random)).Events.ShouldHaveSingleItem();
            taken.Add(claimed.Event.Key);
            var asBefore = claimed.Event.DueAt!.Value - _store.Time.GetUtcNow();
            await SaveAsync(Released(claimed, TimeSpan.Zero));
            asBefore.ShouldBe(Lease);
        }

        taken.Count.ShouldBeGreaterThan(1);
    }

    /// <summary>Scopes as source/merchant, * for any; of events: gateway/a gateway/b easypost/a easypost/b ups/a.</summary>
    [Theory]
    [InlineData("*/a", "gateway/b easypost/b")]
    [InlineData("easypost/*", "gateway/a gateway/b ups/a")]
    [InlineData("gateway/*", "easypost/a easypost/b ups/a")]
    [InlineData("easypost/a", "gateway/a gateway/b easypost/b ups/a")]
    [InlineData("gateway/a", "gateway/b easypost/a easypost/b ups/a")]
    [InlineData("gateway/a gateway/c easypost/b", "gateway/b easypost/a ups/a")]
    [InlineData("ups/* gateway/* */b", "easypost/a")]
    [InlineData("dhl/* */c ups/c", "gateway/a gateway/b easypost/a easypost/b ups/a")]
    public async Task Events_of_excepted_scopes_stay_unclaimed(string except, string claimed)
    {
        await AddOfEachScopeAsync();
        foreach (var order in new[] { ClaimOrder.Random, ClaimOrder.Oldest })
        {
            var request = new ClaimRequest(10, order, Lease) { Except = ScopesOf(except) };

            var batch = (await _store.Events.ClaimDueAsync(request)).Events;
            while (order == ClaimOrder.Random && (await _store.Events.ClaimDueAsync(request)).Events is { Count: > 0 } more)
                batch = [.. batch, .. more];

            batch.Select(one => $"{one.Event.Source}/{one.Event.MerchantId}").ShouldBe(claimed.Split(' '), ignoreOrder: true);
            foreach (var one in batch) await SaveAsync(Released(one, TimeSpan.Zero));
        }
    }

    /// <summary>It calls no service when it is mapped again.</summary>
    [Fact]
    public async Task Container_is_claimed_while_its_source_is_excepted()
    {
        var container = AcceptedEvent.Container(
            new EventKey(AcceptedEvent.ContainerCompany, "easypost:1"), [1], _store.Time.GetUtcNow(), "easypost", "no JSON");
        await _store.Events.AddAsync([container with { Defect = null }]);

        (await _store.Events.ClaimDueAsync(new ClaimRequest(10, ClaimOrder.Oldest, Lease)
        {
            Except = [new("easypost", null), new("gateway", null), new(null, "a")],
        })).Events.ShouldHaveSingleItem().Event.Key.ShouldBe(container.Key);
    }

    /// <summary>The dispatcher would wait for all attempts, claim nothing and begin again, as long as a pause lasts.</summary>
    [Fact]
    public async Task Isolated_event_of_an_excepted_scope_is_not_due()
    {
        var e = await AddNewAsync();
        await AbandonUntilIsolatedAsync();
        var request = new ClaimRequest(10, ClaimOrder.Oldest, Lease);

        (await _store.Events.ClaimDueAsync(request with { Except = [new(e.Source, e.MerchantId)] })).IsolatedDue.ShouldBeFalse();
        (await _store.Events.ClaimDueAsync(request with { Except = [new("easypost", e.MerchantId)] })).IsolatedDue.ShouldBeTrue();
        (await _store.Events.ClaimDueAsync(request)).IsolatedDue.ShouldBeTrue();
    }

    [Fact]
    public async Task Postponed_events_wait_and_nothing_is_counted()
    {
        AcceptedEvent[] added = [.. "abc".Select(name => _newEvents.Next() with { MerchantId = $"{name}" })];
        await _store.Events.AddAsync(added);
        var before = await FindAsync(added[0].Key);

        await _store.Events.PostponeAsync(
            [.. ScopesOf("gateway/a gateway/b easypost/c")], TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60));

        (await ClaimAsync()).Events.ShouldHaveSingleItem().Event.MerchantId.ShouldBe("c");
        var after = await FindAsync(added[0].Key);
        (after.DueAt!.Value - _store.Time.GetUtcNow()).ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(65));
        (after with { DueAt = before.DueAt, Attempts = before.Attempts, Body = before.Body }).ShouldBe(before);
        _store.Time.Advance(TimeSpan.FromSeconds(65));
        (await ClaimAsync()).Events.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Postponed_events_of_one_merchant_are_not_due_all_at_once()
    {
        AcceptedEvent[] added = [.. Enumerable.Range(0, 120).Select(_ => _newEvents.Next() with { MerchantId = "a" })];
        await _store.Events.AddAsync(added);

        await _store.Events.PostponeAsync([new("gateway", "a")], TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60));

        var due = new HashSet<DateTimeOffset?>();
        foreach (var e in added) due.Add((await FindAsync(e.Key)).DueAt);
        due.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Failed_probe_is_in_the_history_and_not_counted()
    {
        var key = (await AddNewAsync()).Key;
        await SaveAsync(Retry(await ClaimOneAsync(), TimeSpan.Zero));
        await SaveAsync(Probed(await ClaimOneAsync(), TimeSpan.FromSeconds(1)));

        var e = await FindAsync(key);

        (e.Status, e.AttemptsSpent, e.LastError).ShouldBe((EventStatus.Pending, 1, "still down"));
        e.Attempts.Select(attempt => (attempt.Number, attempt.Probes)).ShouldBe([(1, null), (2, 1)]);
        e.DueAt.ShouldBe(_store.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Line_of_several_probes_replaces_the_last_line(int attemptsBefore)
    {
        var key = (await AddNewAsync()).Key;
        if (attemptsBefore > 0) await SaveAsync(Retry(await ClaimOneAsync(), TimeSpan.Zero));
        await SaveAsync(Probed(await ClaimOneAsync(), TimeSpan.Zero));
        var first = (await FindAsync(key)).Attempts[^1];
        _store.Time.Advance(TimeSpan.FromSeconds(5));
        var both = first with { Probes = 2, LastStartedAt = _store.Time.GetUtcNow() };

        await SaveAsync(Probed(await ClaimOneAsync(), TimeSpan.Zero) with { Record = both, ReplacesLast = true });

        var attempts = (await FindAsync(key)).Attempts;
        attempts.Count.ShouldBe(attemptsBefore + 1);
        attempts[^1].ShouldBe(both);
    }

    [Fact]
    public async Task Next_due_time_is_that_of_the_first_waiting_event()
    {
        await AddOneByOneAsync(3);
        var claimed = (await ClaimAsync()).Events;
        await SaveAsync(Retry(claimed[0], TimeSpan.FromSeconds(9)));
        await SaveAsync(Retry(claimed[1], TimeSpan.FromSeconds(5)));

        (await ClaimAsync()).NextDueIn.ShouldBe(TimeSpan.FromSeconds(5));
        _store.Time.Advance(TimeSpan.FromSeconds(2));
        (await ClaimAsync()).NextDueIn.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Next_due_time_is_empty_without_events_and_the_lease_when_all_are_claimed()
    {
        (await ClaimAsync()).NextDueIn.ShouldBeNull();
        await AddNewAsync();
        await ClaimOneAsync();
        (await ClaimAsync()).NextDueIn.ShouldBe(Lease);
    }

    private async Task<AcceptedEvent[]> AddOfEachScopeAsync()
    {
        AcceptedEvent[] added =
        [
            .. ScopesOf("gateway/a gateway/b easypost/a easypost/b ups/a").Select(
                scope => _newEvents.Next() with { Source = scope.Source!, MerchantId = scope.MerchantId! }),
        ];
        await _store.Events.AddAsync(added);
        return added;
    }

    private static List<RoutingScope> ScopesOf(string texts)
    {
        return [.. texts.Split(' ').Select(text => text.Split('/')).Select(half => new RoutingScope(Any(half[0]), Any(half[1])))];

        static string? Any(string half) => half == "*" ? null : half;
    }

    [Fact]
    public async Task Parallel_claimers_never_share_an_event()
    {
        await _store.Events.AddAsync(_newEvents.Take(100));

        var batches = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => ClaimAsync(limit: 7))));

        var claimed = batches.SelectMany(batch => batch.Events).ToList();
        claimed.Select(one => one.Event.Key).ShouldBeUnique();
        claimed.Count.ShouldBe(100);
        (await _store.Events.SaveOutcomesAsync([.. claimed.Select(Processed)])).ShouldAllBe(written => written);
    }
}
