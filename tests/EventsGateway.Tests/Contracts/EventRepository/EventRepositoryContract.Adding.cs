using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public abstract partial class EventRepositoryContract
{
    public static TheoryData<string> HostileIds => AcceptedEvents.HostileIds;

    [Fact]
    public async Task R10_what_was_added_is_there_after_a_restart_with_every_field()
    {
        var e = _couriers.Next() with
        {
            Headers = """{"user-agent":"courier/1"}""", Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
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
    }

    [Fact]
    public async Task S2_a_new_event_is_pending_due_now_and_not_processed()
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
    public async Task S6_the_body_is_kept_byte_for_byte()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. """{ "weight" : 12345678901234567890, "one":1.0,  "nul":"\u0000" }"""u8, 0, 255, 10];
        var e = _couriers.Next() with { Body = body };
        await AddAsync(e);

        await _store.ReopenAsync();

        (await FindAsync(e.Key)).Body.ToArray().ShouldBe(body);
        (await ClaimOneAsync()).Event.Body.ToArray().ShouldBe(body);
    }

    [Fact]
    public async Task S1_answers_come_in_the_order_of_the_group()
    {
        var known = await AddNewAsync();
        var (first, second) = (_couriers.Next(), _couriers.Next());

        var answers = await _store.Events.AddAsync([first, AcceptedEvents.Resent(known), second, AcceptedEvents.Resent(first)]);

        answers.Select(answer => answer.Result)
            .ShouldBe([AddResult.Added, AddResult.Duplicate, AddResult.Added, AddResult.Duplicate]);
        (await FindAsync(second.Key)).MerchantId.ShouldBe(second.MerchantId);
    }

    [Theory]
    [InlineData("same", false)]
    [InlineData("other", true)]
    public async Task Of_a_repeated_key_the_first_body_stays_and_a_difference_is_told(string body, bool differs)
    {
        var first = _couriers.Next() with { Body = "same"u8.ToArray() };
        await AddAsync(first);

        var again = await AddAsync(AcceptedEvents.Resent(first) with { Body = System.Text.Encoding.UTF8.GetBytes(body) });

        again.ShouldBe(new AddedEvent(AddResult.Duplicate, differs));
        again.IsNew.ShouldBeFalse();
        (await FindAsync(first.Key)).Body.ToArray().ShouldBe("same"u8.ToArray());
    }

    [Fact]
    public async Task B3_two_companies_with_the_same_event_id_are_two_events()
    {
        var dhl = _couriers.Next() with { Key = new EventKey("dhl", "1") };
        var aramex = _couriers.Next() with { Key = new EventKey("aramex", "1") };

        var answers = await _store.Events.AddAsync([dhl, aramex]);

        answers.ShouldAllBe(answer => answer.Result == AddResult.Added);
        (await FindAsync(dhl.Key)).ShipmentId.ShouldBe(dhl.ShipmentId);
        (await FindAsync(aramex.Key)).ShipmentId.ShouldBe(aramex.ShipmentId);
    }

    [Fact]
    public async Task S4_keys_that_only_look_alike_when_joined_are_two_events()
    {
        var one = _couriers.Next() with { Key = new EventKey("a:b", "c") };
        var other = _couriers.Next() with { Key = new EventKey("a", "b:c") };

        (await _store.Events.AddAsync([one, other])).ShouldAllBe(answer => answer.Result == AddResult.Added);
    }

    [Theory]
    [MemberData(nameof(HostileIds))]
    public async Task B2_any_id_goes_in_and_comes_out_unchanged(string id)
    {
        var e = _couriers.Next() with { Key = new EventKey(id, id), ShipmentId = id, MerchantId = id };
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
            _couriers.Next() with { Key = new EventKey("DHL", "a") }, _couriers.Next() with { Key = new EventKey("dhl", "A") },
            _couriers.Next() with { Key = new EventKey("dhl", "a") },
        ])).ShouldAllBe(answer => answer.Result == AddResult.Added);

    [Fact]
    public async Task Parallel_additions_of_one_key_add_it_once()
    {
        var e = _couriers.Next();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => AddAsync(AcceptedEvents.Resent(e)))));

        answers.Count(answer => answer.IsNew).ShouldBe(1);
        (await _store.Queries.CountAsync(CancellationToken.None)).Accepted.ShouldBe(1);
    }

    [Theory]
    [InlineData(FailureReasonText.Unreadable)]
    [InlineData(FailureReasonText.Unstorable)]
    public async Task R9_R23_what_nobody_can_process_is_kept_as_failed_with_its_bytes(string outcome)
    {
        byte[] bytes = [0, 255, 1, 254, .. "no event"u8];
        var quarantined = AcceptedEvent.Quarantined(bytes, new Defect(FailureReasonText.Parse(outcome)!.Value, "not a message of ours"), _store.Time.GetUtcNow());
        var neighbour = _couriers.Next();

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
    public async Task What_nobody_can_process_is_kept_once_and_never_revived()
    {
        var quarantined = AcceptedEvent.Quarantined([1, 2, 3], new Defect(FailureReason.Unreadable, "no JSON"), _store.Time.GetUtcNow());
        await AddAsync(quarantined);

        (await AddAsync(AcceptedEvents.Resent(quarantined))).Result.ShouldBe(AddResult.Duplicate);
        (await _store.Events.RequeueAsync([quarantined.Key], "mira")).Replayed.ShouldBe(0);
        (await _store.Events.RequeueAsync(new EventFilter(), atMost: 10, "mira")).ShouldBe(new ReplayResult(0, 0, _store.Time.GetUtcNow()));

        (await FindAsync(quarantined.Key)).ShouldSatisfyAllConditions(
            e => e.Status.ShouldBe(EventStatus.Failed), e => e.Generation.ShouldBe(1));
        (await _store.Queries.CountAsync(CancellationToken.None)).Failed.ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_works_answers_its_probe() => await _store.Events.ProbeAsync();

    [Fact]
    public async Task Nothing_to_add_is_answered_with_nothing() => (await _store.Events.AddAsync([])).ShouldBeEmpty();
}
