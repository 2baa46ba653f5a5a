using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public abstract partial class EventRepositoryContract
{
    public static TheoryData<string> HostileIds => AcceptedEvents.HostileIds;

    [Fact]
    [Trait("Defect", "R10")]
    public async Task Added_event_keeps_every_field_across_a_restart()
    {
        var e = _newEvents.Next() with
        {
            RequestId = "r-1",
            Headers = """{"user-agent":"courier/1"}""",
            Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
        await AddAsync(e);

        await _store.ReopenAsync();

        var stored = await FindAsync(e.Key);
        stored.Key.ShouldBe(e.Key);
        stored.MerchantId.ShouldBe(e.MerchantId);
        stored.ShipmentId.ShouldBe(e.ShipmentId);
        stored.Type.ShouldBe(e.Type);
        stored.OccurredAt.ShouldBe(e.OccurredAt);
        stored.ReceivedAt.ShouldBe(e.ReceivedAt);
        stored.Headers.ShouldBe(e.Headers);
        stored.Traceparent.ShouldBe(e.Traceparent);
        stored.RequestId.ShouldBe("r-1");
    }

    [Fact]
    public async Task Event_without_an_id_of_the_sender_has_that_of_its_first_acceptance()
    {
        var e = await AddNewAsync();
        await AddAsync(AcceptedEvents.Resent(e));

        (await FindAsync(e.Key)).RequestId.ShouldBe(e.AcceptId.ToString());
    }

    [Theory]
    [InlineData("""{ "b" : [1, 2], "a":"\u0041" }""", false)]
    [InlineData("""{"a":"A","b":[2,1]}""", true)]
    [InlineData("""{"a":"A","b":[1,2],"c":null}""", true)]
    public async Task Only_a_body_that_says_something_else_differs(string body, bool differs)
    {
        var e = _newEvents.Next() with { Body = """{"a":"A","b":[1,2]}"""u8.ToArray() };
        await AddAsync(e);

        var again = AcceptedEvents.Resent(e) with { Body = System.Text.Encoding.UTF8.GetBytes(body) };

        (await _store.Events.AddAsync([again])).ShouldBe([new AddedEvent(AddResult.Duplicate, differs)]);
    }

    [Fact]
    public async Task Event_is_received_no_later_than_the_store_adds_it()
    {
        var ahead = _newEvents.Next();

        await AddAsync(ahead with { ReceivedAt = ahead.ReceivedAt.AddHours(1) });

        (await FindAsync(ahead.Key)).ReceivedAt.ShouldBe(_store.Time.GetUtcNow());
    }

    [Fact]
    public async Task Earlier_acceptance_of_a_pending_event_is_its_receipt()
    {
        var e = await AddNewAsync();
        var earlier = AcceptedEvents.Resent(e) with { ReceivedAt = e.ReceivedAt.AddSeconds(-1) };

        await AddAsync(AcceptedEvents.Resent(e) with { ReceivedAt = e.ReceivedAt.AddSeconds(1) });
        (await FindAsync(e.Key)).ReceivedAt.ShouldBe(e.ReceivedAt);
        await AddAsync(earlier);

        (await FindAsync(e.Key)).ReceivedAt.ShouldBe(earlier.ReceivedAt);
    }

    [Fact]
    public async Task Effective_time_is_stored_beside_the_time_as_sent()
    {
        var e = _newEvents.Next() with { EffectiveAt = _store.Time.GetUtcNow().AddMinutes(-3), HasImplausibleTime = true };

        await AddAsync(e);

        var stored = await FindAsync(e.Key);
        (stored.OccurredAt, stored.EffectiveAt, stored.HasImplausibleTime).ShouldBe((e.OccurredAt, e.EffectiveAt!.Value, true));
        (await FindAsync((await AddNewAsync()).Key)).HasImplausibleTime.ShouldBeFalse();
    }

    [Fact]
    [Trait("Defect", "S2")]
    public async Task New_event_is_pending_and_due_now()
    {
        var stored = await FindAsync((await AddNewAsync()).Key);

        stored.Status.ShouldBe(EventStatus.Pending);
        stored.ProcessedAt.ShouldBeNull();
        stored.DueAt.ShouldBe(_store.Time.GetUtcNow());
        stored.Generation.ShouldBe(1);
        stored.RequeuedAt.ShouldBe(_store.Time.GetUtcNow());
        stored.AttemptsSpent.ShouldBe(0);
        stored.Attempts.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Defect", "S6")]
    public async Task Body_is_kept_byte_for_byte()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. """{ "weight" : 12345678901234567890, "one":1.0,  "nul":"\u0000" }"""u8, 0, 255, 10];
        var e = _newEvents.Next() with { Body = body };
        await AddAsync(e);

        await _store.ReopenAsync();

        (await FindAsync(e.Key)).Body.ToArray().ShouldBe(body);
        (await ClaimOneAsync()).Event.Body.ToArray().ShouldBe(body);
    }

    [Fact]
    [Trait("Defect", "S1")]
    public async Task Results_are_in_the_order_of_the_group()
    {
        var known = await AddNewAsync();
        var (first, second) = (_newEvents.Next(), _newEvents.Next());

        var answers = await _store.Events.AddAsync([first, AcceptedEvents.Resent(known), second, AcceptedEvents.Resent(first)]);

        answers.Select(answer => answer.Result)
            .ShouldBe([AddResult.Added, AddResult.Duplicate, AddResult.Added, AddResult.Duplicate]);
        (await FindAsync(second.Key)).MerchantId.ShouldBe(second.MerchantId);
    }

    [Fact]
    public async Task First_acceptance_of_a_key_counts_also_in_a_large_group()
    {
        var group = _newEvents.Take(300);
        var again = group.Select(e => AcceptedEvents.Resent(e) with { Body = "other"u8.ToArray() }).ToList();

        var answers = await _store.Events.AddAsync([.. group, .. again]);

        answers.Take(300).ShouldAllBe(answer => answer.Result == AddResult.Added);
        answers.Skip(300).ShouldAllBe(answer => answer == new AddedEvent(AddResult.Duplicate, true));
        foreach (var e in new[] { group[0], group[150], group[299] })
            (await FindAsync(e.Key)).Body.ToArray().ShouldBe(e.Body);
    }

    [Theory]
    [InlineData("same", false)]
    [InlineData("other", true)]
    public async Task Repeated_key_keeps_the_first_body_and_reports_a_different_one(string body, bool differs)
    {
        var first = _newEvents.Next() with { Body = "same"u8.ToArray() };
        await AddAsync(first);

        var again = await AddAsync(AcceptedEvents.Resent(first) with { Body = System.Text.Encoding.UTF8.GetBytes(body) });

        again.ShouldBe(new AddedEvent(AddResult.Duplicate, differs));
        again.IsNew.ShouldBeFalse();
        (await FindAsync(first.Key)).Body.ToArray().ShouldBe("same"u8.ToArray());
    }

    [Fact]
    [Trait("Defect", "B3")]
    public async Task Same_event_id_of_two_companies_is_two_events()
    {
        var dhl = _newEvents.Next() with { Key = new EventKey("dhl", "1") };
        var aramex = _newEvents.Next() with { Key = new EventKey("aramex", "1") };

        var answers = await _store.Events.AddAsync([dhl, aramex]);

        answers.ShouldAllBe(answer => answer.Result == AddResult.Added);
        (await FindAsync(dhl.Key)).ShipmentId.ShouldBe(dhl.ShipmentId);
        (await FindAsync(aramex.Key)).ShipmentId.ShouldBe(aramex.ShipmentId);
    }

    [Fact]
    [Trait("Defect", "S4")]
    public async Task Keys_that_are_equal_only_when_joined_are_two_events()
    {
        var one = _newEvents.Next() with { Key = new EventKey("a:b", "c") };
        var other = _newEvents.Next() with { Key = new EventKey("a", "b:c") };

        (await _store.Events.AddAsync([one, other])).ShouldAllBe(answer => answer.Result == AddResult.Added);
    }

    [Theory]
    [Trait("Defect", "B2")]
    [MemberData(nameof(HostileIds))]
    public async Task Any_id_is_stored_unchanged(string id)
    {
        var e = _newEvents.Next() with { Key = new EventKey(id, id), ShipmentId = id, MerchantId = id };
        (await AddAsync(e)).Result.ShouldBe(AddResult.Added);

        var claimed = await ClaimOneAsync();

        claimed.Event.Key.ShouldBe(e.Key);
        claimed.Event.ShipmentId.ShouldBe(id);
        claimed.Event.MerchantId.ShouldBe(id);
        (await SaveAsync(Processed(claimed))).ShouldBeTrue();
        (await AddAsync(AcceptedEvents.Resent(e))).Result.ShouldBe(AddResult.Duplicate);
    }

    [Fact]
    public async Task Ids_that_differ_only_in_case_are_two_events()
        => (await _store.Events.AddAsync([
            _newEvents.Next() with { Key = new EventKey("DHL", "a") }, _newEvents.Next() with { Key = new EventKey("dhl", "A") },
            _newEvents.Next() with { Key = new EventKey("dhl", "a") },
        ])).ShouldAllBe(answer => answer.Result == AddResult.Added);

    [Fact]
    public async Task Parallel_additions_of_one_key_add_it_once()
    {
        var e = _newEvents.Next();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => AddAsync(AcceptedEvents.Resent(e)))));

        answers.Count(answer => answer.IsNew).ShouldBe(1);
        (await _store.Queries.CountAsync(CancellationToken.None)).Accepted.ShouldBe(1);
    }

    [Theory]
    [Trait("Defect", "R9")]
    [Trait("Defect", "R23")]
    [InlineData(FailureReasonText.Unreadable)]
    [InlineData(FailureReasonText.Unstorable)]
    [InlineData(FailureReasonText.Unmapped)]
    public async Task Event_with_a_defect_is_stored_as_failed_with_its_bytes(string outcome)
    {
        byte[] bytes = [0, 255, 1, 254, .. "no event"u8];
        var quarantined = AcceptedEvent.Quarantined(
            bytes, new Defect(FailureReasonText.Parse(outcome)!.Value, "not a message of ours"), _store.Time.GetUtcNow());
        var neighbour = _newEvents.Next();

        (await _store.Events.AddAsync([quarantined, neighbour])).ShouldAllBe(answer => answer.Result == AddResult.Added);

        var e = await FindAsync(quarantined.Key);
        e.Status.ShouldBe(EventStatus.Failed);
        e.Outcome.ShouldBe(outcome);
        e.LastError.ShouldBe("not a message of ours");
        e.Type.ShouldBe(EventType.Unknown);
        e.Body.ToArray().ShouldBe(bytes);
        e.DueAt.ShouldBeNull();
        (await ClaimOneAsync()).Event.Key.ShouldBe(neighbour.Key);
    }

    [Fact]
    public async Task Event_with_a_defect_is_stored_once_and_never_requeued()
    {
        var quarantined = AcceptedEvent.Quarantined(
            [1, 2, 3], new Defect(FailureReason.Unreadable, "no JSON"), _store.Time.GetUtcNow());
        await AddAsync(quarantined);

        (await AddAsync(AcceptedEvents.Resent(quarantined))).Result.ShouldBe(AddResult.Duplicate);
        (await _store.Events.RequeueAsync([quarantined.Key], "mira")).Replayed.ShouldBe(0);
        (await _store.Events.RequeueAsync(new EventFilter(), atMost: 10, "mira"))
            .ShouldBe(new ReplayResult(0, 0, _store.Time.GetUtcNow()));

        (await FindAsync(quarantined.Key)).ShouldSatisfyAllConditions(
            e => e.Status.ShouldBe(EventStatus.Failed), e => e.Generation.ShouldBe(1));
        (await _store.Queries.CountAsync(CancellationToken.None)).Failed.ShouldBe(1);
    }

    [Fact]
    public async Task Working_store_answers_its_probe() => await _store.Events.ProbeAsync();

    [Fact]
    public async Task Empty_group_has_no_results() => (await _store.Events.AddAsync([])).ShouldBeEmpty();
}
