using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public abstract partial class EventRepositoryContract
{
    [Fact]
    public async Task Container_is_requeued_by_an_operator_and_not_by_a_repeat_of_its_request()
    {
        var container = Container();
        await AddAsync(container);
        (await AddAsync(AcceptedEvents.Resent(container))).Result.ShouldBe(AddResult.Duplicate);
        (await FindAsync(container.Key)).ShouldSatisfyAllConditions(
            e => e.Status.ShouldBe(EventStatus.Failed), e => e.Outcome.ShouldBe(FailureReasonText.Unmapped),
            e => e.Generation.ShouldBe(1), e => e.Mapped.ShouldBeNull(), e => e.IsContainer.ShouldBeTrue());

        (await _store.Events.RequeueAsync([container.Key], "mira")).Replayed.ShouldBe(1);

        (await ClaimOneAsync()).Event.ShouldSatisfyAllConditions(
            e => e.Key.ShouldBe(container.Key), e => e.Generation.ShouldBe(2));
    }

    [Fact]
    public async Task Events_of_a_container_are_saved_while_its_claim_is_held()
    {
        var container = Container();
        await AddAsync(container);
        await _store.Events.RequeueAsync([container.Key], "mira");
        var claimed = await ClaimOneAsync();

        (await _store.Events.SaveMappedAsync(container.Key, Guid.NewGuid(), [4])).ShouldBeFalse();
        (await _store.Events.SaveMappedAsync(container.Key, claimed.Token, [5, 6])).ShouldBeTrue();

        (await FindAsync(container.Key)).Mapped.ShouldBe([5, 6]);
    }

    [Fact]
    public async Task Events_of_a_container_are_added_while_its_claim_is_held_and_what_exists_stays()
    {
        var failed = await AddFailedAsync();
        AcceptedEvent fresh = _newEvents.OfSource(), again = AcceptedEvents.Resent(failed);
        await AddAsync(Container());
        await _store.Events.RequeueAsync([Container().Key], "mira");
        var claimed = await ClaimOneAsync();

        (await _store.Events.AddMappedAsync(Container().Key, Guid.NewGuid(), [fresh, again])).ShouldBeFalse();
        (await _store.Queries.FindAsync(fresh.Key, CancellationToken.None)).ShouldBeNull();
        (await _store.Events.AddMappedAsync(Container().Key, claimed.Token, [fresh, again, fresh])).ShouldBeTrue();

        (await FindAsync(failed.Key)).ShouldSatisfyAllConditions(
            e => e.Status.ShouldBe(EventStatus.Failed, "a sender has not sent it again"), e => e.Generation.ShouldBe(1));
        (await FindAsync(fresh.Key)).ShouldSatisfyAllConditions(
            e => e.Status.ShouldBe(EventStatus.Pending), e => e.Source.ShouldBe(fresh.Source));
        var counts = await _store.Queries.CountAsync(CancellationToken.None);
        (counts.Pending, counts.Failed).ShouldBe((2, 1));
    }

    [Fact]
    public async Task Events_of_an_erased_container_are_not_added()
    {
        await AddAsync(Container());
        await _store.Events.RequeueAsync([Container().Key], "mira");
        var claimed = await ClaimOneAsync();
        var e = _newEvents.OfSource();

        (await _store.Erasure.EraseContainersAsync([Container().Key])).ShouldBe(1);

        (await _store.Events.AddMappedAsync(Container().Key, claimed.Token, [e])).ShouldBeFalse();
        (await _store.Queries.FindAsync(e.Key, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Event_of_a_source_keeps_every_field_across_a_restart()
    {
        var e = _newEvents.OfSource();
        await AddAsync(e);

        await _store.ReopenAsync();

        ShouldBeOfItsSource(await FindAsync(e.Key));
        ShouldBeOfItsSource((await ClaimOneAsync()).Event);

        void ShouldBeOfItsSource(EventEntity stored) =>
            (stored.Source, stored.SecretId, stored.AfterEnd, stored.Details, stored.ItemIndex, stored.RequestDigest)
                .ShouldBe((e.Source, e.SecretId, e.AfterEnd, e.Details, e.ItemIndex, e.RequestDigest));
    }

    [Fact]
    public async Task Event_of_the_built_in_source_has_no_fields_of_other_sources()
    {
        var e = _newEvents.Next() with { SecretId = AcceptedEvent.BuiltInSecretId, Details = EventDetails.None };
        await AddAsync(e);

        var claimed = (await ClaimOneAsync()).Event;

        (claimed.Source, claimed.SecretId, claimed.AfterEnd, claimed.ItemIndex, claimed.RequestDigest)
            .ShouldBe((CanonicalEvent.BuiltInSource, AcceptedEvent.BuiltInSecretId, null, null, null));
        claimed.Details.ShouldBe(EventDetails.None, "its body is not read again");
    }

    [Theory]
    [InlineData(AfterEnd.Fail)]
    [InlineData(AfterEnd.Settle)]
    [InlineData(AfterEnd.Route)]
    public async Task Each_rule_for_events_after_the_end_is_stored(AfterEnd afterEnd)
    {
        await AddAsync(_newEvents.Next() with { AfterEnd = afterEnd });

        (await ClaimOneAsync()).Event.AfterEnd.ShouldBe(afterEnd);
    }

    [Fact]
    public async Task Open_containers_are_counted_by_source()
    {
        AcceptedEvent[] containers = [Container("dhl", "1", 3), Container("dhl", "2", 5), Container("ups", "1", 7)];
        foreach (var container in containers) await AddAsync(container);
        await AddAsync(_newEvents.Next());
        await _store.Events.RequeueAsync([containers[1].Key], "mira");

        (await _store.Queries.CountContainersAsync(CancellationToken.None)).OrderBy(open => open.Source)
            .ShouldBe([new OpenContainers("dhl", 1, 3), new OpenContainers("ups", 1, 7)]);
    }

    private AcceptedEvent Container(string source, string id, int bytes) => AcceptedEvent.Container(
        new EventKey(AcceptedEvent.ContainerCompany, $"{source}:{id}"), new byte[bytes], _store.Time.GetUtcNow(), source,
        "no id");

    private AcceptedEvent Container() => AcceptedEvent.Container(
        new EventKey(AcceptedEvent.ContainerCompany, "dhl:1"), [1, 2, 3], _store.Time.GetUtcNow(), "dhl", "Map.Id is missing");
}
