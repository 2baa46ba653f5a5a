using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.PublishDeadLetters;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Tests.Features.ProcessEvent;
using Gateway.EventsGateway.Tests.Monitoring;
using Gateway.EventsGateway.Tests.Routing;
using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.EventsGateway.Tests.Features.PublishDeadLetters;

public sealed class DeadLetterProcessorTests : IDeadLetterOutbox, IDeadLetterQueue, IIdempotencyService, IAsyncDisposable
{
    private static readonly DeadLetter First = new(RoutingFixture.Event("e-1"), Generation: 1, IsCopied: false);
    private static readonly DeadLetter Copied = new(RoutingFixture.Event("e-2"), Generation: 2, IsCopied: true);

    private readonly SteppedTime _time = new();
    private readonly Queue<IReadOnlyList<DeadLetter>> _due = new();
    private readonly Recorder<string> _done = new();
    private readonly DeadLetterProcessor _processor;
    private Exception? _queueFault;
    private Exception? _markFault;

    public DeadLetterProcessorTests()
        => _processor = new DeadLetterProcessor(
            this, this, this, NullTelemetry.Metrics, _time, NullLogger<DeadLetterProcessor>.Instance);

    [Fact]
    public async Task Failed_event_is_published_then_marked_failed_then_cleared()
    {
        _due.Enqueue([First]);

        await _processor.StartedAsync(CancellationToken.None);

        await ShouldDoAsync("claim", $"copy {First.Event.Key}", $"copied {First.Event.Key}", $"failed {First.Event.Key}",
            $"clear {First.Event.Key} 1");
    }

    [Fact]
    public async Task Published_event_is_only_marked_failed()
    {
        _due.Enqueue([Copied]);

        await _processor.StartedAsync(CancellationToken.None);

        await ShouldDoAsync("claim", $"failed {Copied.Event.Key}", $"clear {Copied.Event.Key} 2");
    }

    [Fact]
    public async Task Unavailable_queue_still_marks_the_key_failed_and_clears_nothing()
    {
        _queueFault = new BackendUnavailableException("test", "no broker");
        _due.Enqueue([First]);

        await _processor.StartedAsync(CancellationToken.None);

        await ShouldDoAsync("claim", $"failed {First.Event.Key}");
        await _time.TimerRunsAsync(TimeSpan.FromSeconds(2));
        _done.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Unavailable_cache_publishes_the_copy_once_and_clears_nothing()
    {
        _markFault = new BackendUnavailableException("test", "no Redis");
        _due.Enqueue([First, Copied]);

        await _processor.StartedAsync(CancellationToken.None);

        await ShouldDoAsync("claim", $"copy {First.Event.Key}", $"copied {First.Event.Key}");
        await _time.TimerRunsAsync(TimeSpan.FromSeconds(2));
        _done.Rest().ShouldBeEmpty();

        _markFault = null;
        _due.Enqueue([First with { IsCopied = true }]);
        _time.Advance(TimeSpan.FromSeconds(2));
        await ShouldDoAsync("claim", $"failed {First.Event.Key}", $"clear {First.Event.Key} 1");
    }

    [Fact]
    public async Task Empty_outbox_is_read_again_after_a_pause()
    {
        await _processor.StartedAsync(CancellationToken.None);
        await ShouldDoAsync("claim");
        await _time.TimerRunsAsync(TimeSpan.FromSeconds(1));
        _done.Rest().ShouldBeEmpty();

        _time.Advance(TimeSpan.FromSeconds(1));

        await ShouldDoAsync("claim");
    }

    Task<IReadOnlyList<DeadLetter>> IDeadLetterOutbox.ClaimAsync(int limit, TimeSpan lease)
    {
        _done.Add("claim");
        return Task.FromResult(_due.TryDequeue(out var letters) ? letters : []);
    }

    Task IDeadLetterOutbox.MarkCopiedAsync(IReadOnlyList<DeadLetter> letters)
        => Do("copied", letters.Select(letter => $"{letter.Event.Key}"), null);

    Task IDeadLetterOutbox.ClearAsync(IReadOnlyList<DeadLetter> letters)
        => Do("clear", letters.Select(letter => $"{letter.Event.Key} {letter.Generation}"), null);

    Task IDeadLetterQueue.PublishAsync(IReadOnlyList<EventEntity> failed)
        => Do("copy", failed.Select(e => $"{e.Key}"), _queueFault);

    Task IIdempotencyService.MarkFailedAsync(IReadOnlyList<string> keys) => Do("failed", keys, _markFault);

    Task<IReadOnlyList<CacheEntry?>> IIdempotencyService.FindCachedAsync(IReadOnlyList<string> keys)
        => throw new NotSupportedException();

    void IIdempotencyService.AddToCache(IReadOnlyList<(string Key, CacheEntry Entry)> entries)
        => throw new NotSupportedException();

    Task IIdempotencyService.ProbeAsync() => throw new NotSupportedException();

    Task<long> IIdempotencyService.ClearAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public async ValueTask DisposeAsync()
    {
        await _processor.StoppingAsync(CancellationToken.None).WaitAsync(SteppedTime.Timeout);
        _processor.Dispose();
    }

    private async Task ShouldDoAsync(params string[] steps)
    {
        foreach (var step in steps) (await _done.NextAsync()).ShouldBe(step);
    }

    private Task Do(string verb, IEnumerable<string> what, Exception? fault)
    {
        if (fault is not null) return Task.FromException(fault);
        _done.Add($"{verb} {string.Join(",", what)}");
        return Task.CompletedTask;
    }
}
