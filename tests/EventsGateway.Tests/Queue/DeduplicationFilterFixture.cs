using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Queue;

/// <summary>A queue and a deduplication cache that record their calls in order.</summary>
internal sealed class DeduplicationFilterFixture : IEventQueue, IIdempotencyService, ILogger<DeduplicationFilter>
{
    public DeduplicationFilterFixture() => Filter = new DeduplicationFilter(this, this, Time, this);

    public SteppedTime Time { get; } = new();

    public DeduplicationFilter Filter { get; }

    public AcceptedEvents NewEvents { get; } = new(TimeProvider.System);

    public List<string> Calls { get; } = [];

    public Dictionary<string, CacheEntry> Entries { get; } = [];

    public List<int> Logged { get; } = [];

    public BackendUnavailableException? Fault { get; set; }

    public Func<AcceptedEvent, EnqueueResult> Result { get; set; } = _ => EnqueueResult.New;

    public async Task<AcceptedEvent> CachedAsync()
    {
        var e = NewEvents.Next();
        await Filter.EnqueueAsync([e]);
        Calls.Clear();
        return AcceptedEvents.Resent(e);
    }

    async Task<IReadOnlyList<EnqueueResult>> IEventQueue.EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
    {
        await Task.Yield();
        if (Fault is not null) throw Fault;
        Calls.Add($"durable {Names(group.Select(e => e.Key.ToString()))}");
        return [.. group.Select(Result)];
    }

    Task IEventQueue.ProbeAsync() => Fault is null ? Task.CompletedTask : Task.FromException(Fault);

    Task<IReadOnlyList<CacheEntry?>> IIdempotencyService.FindCachedAsync(IReadOnlyList<string> keys)
        => Task.FromResult<IReadOnlyList<CacheEntry?>>(
            [.. keys.Select(key => Entries.TryGetValue(key, out var entry) ? (CacheEntry?)entry : null)]);

    void IIdempotencyService.AddToCache(IReadOnlyList<(string Key, CacheEntry Entry)> entries)
    {
        if (entries.Count > 0) Calls.Add($"cached {Names(entries.Select(one => one.Key))}");
        foreach (var (key, entry) in entries) Entries.TryAdd(key, entry);
    }

    Task IIdempotencyService.MarkFailedAsync(IReadOnlyList<string> keys) => throw new NotSupportedException();

    Task IIdempotencyService.ProbeAsync() => throw new NotSupportedException();

    Task<long> IIdempotencyService.ClearAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => Logged.Add(eventId.Id);

    /// <summary>The numbers that <see cref="AcceptedEvents"/> assigns: <c>bosta.evt-00002</c> is 2.</summary>
    private static string Names(IEnumerable<string> keys)
        => string.Join(' ', keys.Select(key => int.Parse(key.AsSpan(key.Length - 5))));
}
