using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public abstract partial class EventRepositoryContract
{
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
}
