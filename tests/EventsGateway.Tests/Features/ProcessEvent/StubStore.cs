using System.Threading.Channels;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Tests.Routing;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

/// <summary>What happened, in order; waiting for the next one never lasts for ever.</summary>
internal sealed class Recorder<T>
{
    private readonly Channel<T> _channel = Channel.CreateUnbounded<T>();

    public void Add(T item) => _channel.Writer.TryWrite(item);

    public async Task<T> NextAsync()
    {
        using var timeout = new CancellationTokenSource(SteppedTime.Timeout);
        return await _channel.Reader.ReadAsync(timeout.Token);
    }

    public IReadOnlyList<T> Rest()
    {
        var rest = new List<T>();
        while (_channel.Reader.TryRead(out var item)) rest.Add(item);
        return rest;
    }
}

/// <summary>A store that answers what the test says.</summary>
internal sealed class StubStore : IEventRepository
{
    public static ClaimedBatch Nothing { get; } = new([], null, false, []);

    public Func<ClaimRequest, ClaimedBatch> OnClaim { get; set; } = _ => Nothing;

    public Func<IReadOnlyList<AttemptOutcome>, IReadOnlyList<bool>> OnSave { get; set; } = outcomes
        => [.. outcomes.Select(_ => true)];

    public Action<IReadOnlyList<AcceptedEvent>> OnAdd { get; set; } = _ => { };

    public Action OnProbe { get; set; } = () => { };

    public Recorder<IReadOnlyList<AcceptedEvent>> Added { get; } = new();

    public Queue<IReadOnlyList<FailedEvent>> OverdueKeys { get; } = new();

    public List<TimeSpan> OverdueAfter { get; } = [];

    public Recorder<ClaimRequest> Claims { get; } = new();

    public Recorder<AttemptOutcome> Saved { get; } = new();

    public static ClaimedEvent Claimed(string id, DateTimeOffset at, string merchant = "m-1")
        => new(RoutingFixture.Event(id, merchant), Guid.NewGuid(), at);

    public async Task<ClaimedBatch> ClaimDueAsync(ClaimRequest request)
    {
        await Task.Yield();
        var batch = OnClaim(request);
        Claims.Add(request);
        return batch;
    }

    public Task<bool> SaveMappedAsync(EventKey key, Guid token, byte[] mapped) => throw new NotSupportedException();

    public Task<bool> AddMappedAsync(EventKey container, Guid token, IReadOnlyList<AcceptedEvent> events)
        => throw new NotSupportedException();

    public async Task<IReadOnlyList<bool>> SaveOutcomesAsync(IReadOnlyList<AttemptOutcome> outcomes)
    {
        await Task.Yield();
        foreach (var outcome in outcomes) Saved.Add(outcome);
        return OnSave(outcomes);
    }

    public Recorder<IReadOnlyList<RoutingScope>> Postponed { get; } = new();

    public Task PostponeAsync(IReadOnlyList<RoutingScope> scopes, TimeSpan wait, TimeSpan spread)
    {
        Postponed.Add(scopes);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<FailedEvent>> FailOverdueAsync(
        TimeSpan olderThan, string error, IReadOnlyList<RoutingScope>? of = null)
    {
        OverdueAfter.Add(olderThan);
        return Task.FromResult(OverdueKeys.TryDequeue(out var keys) ? keys : []);
    }

    public async Task<IReadOnlyList<AddedEvent>> AddAsync(IReadOnlyList<AcceptedEvent> events)
    {
        await Task.Yield();
        OnAdd(events);
        Added.Add(events);
        return [.. events.Select(_ => new AddedEvent(AddResult.Added, BodyDiffers: false))];
    }

    public Task<ReplayResult> RequeueAsync(IReadOnlyList<EventKey> keys, string by, ReplayRate? rate)
        => throw new NotSupportedException();

    public Task<ReplayResult> RequeueAsync(
        EventFilter filter, int atMost, string by, DateTimeOffset? asOf, ReplayRate? rate)
        => throw new NotSupportedException();

    public async Task ProbeAsync()
    {
        await Task.Yield();
        OnProbe();
    }
}
