using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

/// <summary>
/// What every store of events promises. The parts follow an event from the addition to the outcome; these are the shared steps.
/// </summary>
public abstract partial class EventRepositoryContract : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly StoreHarness _store;
    private readonly AcceptedEvents _newEvents;

    private protected EventRepositoryContract(StoreHarness store)
        => (_store, _newEvents) = (store, new AcceptedEvents(store.Time));

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task<AddedEvent> AddAsync(AcceptedEvent e) => (await _store.Events.AddAsync([e])).ShouldHaveSingleItem();

    private async Task<AcceptedEvent> AddNewAsync()
    {
        var e = _newEvents.Next();
        (await AddAsync(e)).Result.ShouldBe(AddResult.Added);
        return e;
    }

    /// <summary>Each one millisecond after the other, so that their order is certain.</summary>
    private async Task<AcceptedEvent[]> AddOneByOneAsync(int count)
    {
        var added = new List<AcceptedEvent>();
        for (; added.Count < count; _store.Time.Advance(Tick)) added.Add(await AddNewAsync());
        return [.. added];
    }

    private async Task<EventEntity> FindAsync(EventKey key)
        => (await _store.Queries.FindAsync(key, CancellationToken.None)).ShouldNotBeNull();

    private Task<ClaimedBatch> ClaimAsync(int limit = 100, ClaimOrder order = ClaimOrder.Oldest)
        => _store.Events.ClaimDueAsync(new ClaimRequest(limit, order, Lease));

    private async Task<ClaimedEvent> ClaimOneAsync(ClaimOrder order = ClaimOrder.Oldest)
        => (await ClaimAsync(order: order)).Events.ShouldHaveSingleItem();

    private async Task<bool> SaveAsync(AttemptOutcome outcome)
        => (await _store.Events.SaveOutcomesAsync([outcome])).ShouldHaveSingleItem();

    private async Task<AcceptedEvent> AddFailedAsync()
    {
        var e = await AddNewAsync();
        (await SaveAsync(Failed(await ClaimOneAsync()))).ShouldBeTrue();
        return e;
    }

    /// <summary>Its worker dies, and the claim runs out.</summary>
    private async Task AbandonAsync(ClaimOrder order)
    {
        await ClaimOneAsync(order);
        _store.Time.Advance(Lease);
        (await ClaimAsync()).Events.ShouldBeEmpty();
    }

    private async Task AbandonUntilIsolatedAsync()
    {
        for (var abandoned = 1; abandoned <= 5; abandoned++)
        {
            await AbandonAsync(ClaimOrder.Oldest);
            _store.Time.Advance(TimeSpan.FromSeconds(60));
        }
    }

    private AttemptRecord Record(ClaimedEvent claimed, string result)
        => new(claimed.Event.Generation, claimed.Event.AttemptsSpent + 1, _store.Time.GetUtcNow(), 12, result, null);

    private AttemptOutcome Outcome(ClaimedEvent claimed, AttemptOutcomeKind end, string result) => new()
    {
        Key = claimed.Event.Key, Token = claimed.Token, Kind = end, IsCall = true, IsCounted = true,
        Record = Record(claimed, result),
    };

    private AttemptOutcome Processed(ClaimedEvent claimed)
        => Outcome(claimed, AttemptOutcomeKind.Completed, AttemptResult.Routed) with { RouteId = "RoID-7" };

    private AttemptOutcome Failed(ClaimedEvent claimed)
        => Outcome(claimed, AttemptOutcomeKind.Failed, AttemptResult.PermanentStatus) with
        {
            Reason = FailureReason.RejectedByRouter, Error = "answered 404",
        };

    private AttemptOutcome Retry(ClaimedEvent claimed, TimeSpan wait)
        => Outcome(claimed, AttemptOutcomeKind.RetryScheduled, AttemptResult.TimedOut) with { Error = "no answer", Wait = wait };

    private AttemptOutcome Probed(ClaimedEvent claimed, TimeSpan wait)
        => Retry(claimed, wait) with
        {
            IsCounted = false, Error = "still down", Record = Record(claimed, AttemptResult.ConnectionLost) with { Probes = 1 },
        };

    private static AttemptOutcome Released(ClaimedEvent claimed, TimeSpan wait)
        => new() { Key = claimed.Event.Key, Token = claimed.Token, Kind = AttemptOutcomeKind.Released, Wait = wait };
}
