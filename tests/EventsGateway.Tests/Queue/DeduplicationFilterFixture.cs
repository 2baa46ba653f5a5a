using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Tests.Contracts;
using Gateway.EventsGateway.Tests.Monitoring;
using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Queue;

/// <summary>A queue and a memory of marks that write down what happens to them, in order.</summary>
internal sealed class DeduplicationFilterFixture : IEventQueue, IIdempotencyService, ILogger<DeduplicationFilter>, ILogger<Conflicts>
{
    public DeduplicationFilterFixture() => Filter = new DeduplicationFilter(this, this, new Conflicts(NullTelemetry.Metrics, Kept, Time, this), Time, this);

    public SteppedTime Time { get; } = new();

    public RejectedRequestLog Kept { get; } = new();

    public DeduplicationFilter Filter { get; }

    public AcceptedEvents Couriers { get; } = new(TimeProvider.System);

    public List<string> Happened { get; } = [];

    public Dictionary<string, CacheEntry> Marks { get; } = [];

    public List<int> Logged { get; } = [];

    public BackendUnavailableException? Fault { get; set; }

    public Func<AcceptedEvent, EnqueueResult> Answer { get; set; } = _ => EnqueueResult.New;

    public async Task<AcceptedEvent> SeenAsync()
    {
        var e = Couriers.Next();
        await Filter.EnqueueAsync([e]);
        Happened.Clear();
        return AcceptedEvents.Resent(e);
    }

    async Task<IReadOnlyList<EnqueueResult>> IEventQueue.EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
    {
        await Task.Yield();
        if (Fault is not null) throw Fault;
        Happened.Add($"durable {Names(group.Select(e => e.Key.ToString()))}");
        return [.. group.Select(Answer)];
    }

    Task IEventQueue.ProbeAsync() => Fault is null ? Task.CompletedTask : Task.FromException(Fault);

    Task<IReadOnlyList<CacheEntry?>> IIdempotencyService.FindCachedAsync(IReadOnlyList<string> keys)
        => Task.FromResult<IReadOnlyList<CacheEntry?>>([.. keys.Select(key => Marks.TryGetValue(key, out var mark) ? (CacheEntry?)mark : null)]);

    void IIdempotencyService.AddToCache(IReadOnlyList<(string Key, CacheEntry Entry)> entries)
    {
        if (entries.Count > 0) Happened.Add($"marked {Names(entries.Select(one => one.Key))}");
        foreach (var (key, mark) in entries) Marks.TryAdd(key, mark);
    }

    Task IIdempotencyService.MarkFailedAsync(IReadOnlyList<string> keys) => throw new NotSupportedException();

    Task IIdempotencyService.ProbeAsync() => throw new NotSupportedException();

    Task<long> IIdempotencyService.ClearAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => Logged.Add(eventId.Id);

    /// <summary>Numbers as <see cref="AcceptedEvents"/> gives them: <c>bosta.evt-00002</c> is 2.</summary>
    private static string Names(IEnumerable<string> keys) => string.Join(' ', keys.Select(key => int.Parse(key.AsSpan(key.Length - 5))));
}
