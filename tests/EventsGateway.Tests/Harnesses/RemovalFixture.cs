using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Harnesses;

/// <summary>The verbs of the suites that remove something.</summary>
internal sealed class RemovalFixture(StoreHarness store)
{
    public AcceptedEvents NewEvents { get; } = new(store.Time);

    public async Task<AcceptedEvent> PendingAsync(string shipment = "sh-1", string merchant = "m-1")
    {
        var e = NewEvents.Next();
        return await AddAsync(e with
        {
            Key = new EventKey("dhl", e.Key.EventId), ShipmentId = shipment, MerchantId = merchant, Type = EventType.Created,
        });
    }

    public async Task<ClaimedEvent> ClaimedAsync(string shipment = "sh-1", string merchant = "m-1")
    {
        var e = await PendingAsync(shipment, merchant);
        return await ClaimAsync(e.Key);
    }

    public async Task<AcceptedEvent> SettledAsync(AttemptOutcomeKind end, string shipment = "sh-1", string merchant = "m-1")
    {
        var e = await PendingAsync(shipment, merchant);
        await EndAsync(await ClaimAsync(e.Key), end);
        return e;
    }

    public async Task<bool> EndAsync(ClaimedEvent claimed, AttemptOutcomeKind end) => (await store.Events.SaveOutcomesAsync(
    [
        new AttemptOutcome
        {
            Key = claimed.Event.Key, Token = claimed.Token, Kind = end, IsCounted = true, RouteId = "RoID-7",
                Body = claimed.Event.Body,
            Record = new AttemptRecord(1, 1, claimed.ClaimedAt, 5, AttemptResult.Routed, null),
        },
    ])).Single();

    public async Task<AddedEvent> ResendAsync(AcceptedEvent e)
        => (await store.Events.AddAsync([AcceptedEvents.Resent(e)])).ShouldHaveSingleItem();

    public Task<EventEntity?> FindAsync(EventKey key) => store.Queries.FindAsync(key, CancellationToken.None);

    public Task<Tombstone?> StoneAsync(EventKey key) => store.Queries.FindTombstoneAsync(key, CancellationToken.None);

    public Task<EventCounts> CountsAsync() => store.Queries.CountAsync(CancellationToken.None);

    public async Task<IEnumerable<EventKey>> ListAsync(EventFilter? filter = null)
        => (await store.Queries.ListAsync(filter ?? new EventFilter(), null, 10_000, CancellationToken.None)).Select(e => e.Key);

    public async Task<IReadOnlyList<ClaimedEvent>> ClaimAllAsync()
        => (await store.Events.ClaimDueAsync(new ClaimRequest(1000, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)))).Events;

    private async Task<AcceptedEvent> AddAsync(AcceptedEvent e)
    {
        (await store.Events.AddAsync([e])).ShouldHaveSingleItem().Result.ShouldBe(AddResult.Added);
        return e;
    }

    private async Task<ClaimedEvent> ClaimAsync(EventKey key)
    {
        var claimed = await ClaimAllAsync();
        foreach (var other in claimed.Where(other => other.Event.Key != key))
        {
            await store.Events.SaveOutcomesAsync(
                [new AttemptOutcome { Key = other.Event.Key, Token = other.Token, Kind = AttemptOutcomeKind.Released,
                    Wait = TimeSpan.Zero }]);
        }

        return claimed.Single(one => one.Event.Key == key);
    }
}
