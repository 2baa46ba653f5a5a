using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.StoreQueuedEvents;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Tests.Features.ProcessEvent;
using Gateway.EventsGateway.Tests.Monitoring;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.EventsGateway.Tests.Features.StoreQueuedEvents;

public sealed class EventsQueueProcessorTests : IQueuedEvents, IAsyncDisposable
{
    private static readonly TimeSpan FaultWait = TimeSpan.FromSeconds(1);

    private readonly SteppedTime _time = new();
    private readonly StubStore _store = new();
    private readonly WorkSignal _work;
    private readonly AcceptedEvents _newEvents;
    private readonly EventsQueueProcessor _processor;
    private readonly Recorder<Func<IReadOnlyList<AcceptedEvent>, Task>> _consumed = new();
    private TaskCompletionSource _consuming = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventsQueueProcessorTests()
    {
        _work = new WorkSignal(_time);
        _newEvents = new AcceptedEvents(_time);
        _processor = new EventsQueueProcessor(
            this, _store, StoreHarness.EffectiveTimes, _work, NullTelemetry.QueueReader, _time,
            NullLogger<EventsQueueProcessor>.Instance);
    }

    [Fact]
    public async Task Group_of_the_queue_is_added_to_the_store_and_wakes_the_worker()
    {
        var store = await StartAsync();
        var group = _newEvents.Take(3);

        await store(group);

        (await _store.Added.NextAsync()).ShouldBe(group);
        await _work.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        _processor.Fault.ShouldBeNull();
    }

    [Fact]
    public async Task Store_fault_reaches_the_queue_so_nothing_is_acknowledged()
    {
        var store = await StartAsync();
        _store.OnAdd = _ => throw new BackendUnavailableException("test", "the store is away");

        await Should.ThrowAsync<BackendUnavailableException>(() => store(_newEvents.Take(1)));

        _work.WaitAsync(TimeSpan.FromDays(1), CancellationToken.None).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Queue_is_not_consumed_while_the_store_is_unavailable()
    {
        _store.OnProbe = () => throw new BackendUnavailableException("test", "the store is away");
        await _processor.StartedAsync(CancellationToken.None);
        await _time.TimerRunsAsync(FaultWait);
        _time.Advance(FaultWait);
        await _time.TimerRunsAsync(FaultWait);

        _consumed.Rest().ShouldBeEmpty();
        _processor.Fault.ShouldBe("test: the store is away");

        _store.OnProbe = () => { };
        _time.Advance(FaultWait);
        await _consumed.NextAsync();
        _processor.Fault.ShouldBeNull();
    }

    [Fact]
    [Trait("Defect", "R4")]
    [Trait("Defect", "R17")]
    public async Task Failed_queue_is_consumed_again_after_a_pause()
    {
        await StartAsync();

        Break(new BackendUnavailableException("test", "the broker is gone"));
        await _time.TimerRunsAsync(FaultWait);
        _processor.Fault.ShouldBe("test: the broker is gone");
        _consumed.Rest().ShouldBeEmpty();

        _time.Advance(FaultWait);
        await _consumed.NextAsync();
        _processor.Fault.ShouldBeNull();
    }

    [Fact]
    public async Task Unexpected_exception_does_not_end_the_processor()
    {
        await StartAsync();

        Break(new InvalidOperationException("a bug"));
        await _time.TimerRunsAsync(FaultWait);
        _time.Advance(FaultWait);

        await _consumed.NextAsync();
    }

    [Fact]
    public async Task Stop_ends_the_consumption()
    {
        await StartAsync();

        await _processor.StoppingAsync(CancellationToken.None).WaitAsync(SteppedTime.Timeout);

        _consuming.Task.IsCompletedSuccessfully.ShouldBeTrue();
        _processor.Fault.ShouldBe("the queue reader has ended");
    }

    async Task IQueuedEvents.ConsumeAsync(
        Func<IReadOnlyList<AcceptedEvent>, Task> store, CancellationToken stop, Action? onStarted)
    {
        var consuming = _consuming;
        onStarted!();
        _consumed.Add(store);
        await using var registration = stop.Register(() => consuming.TrySetResult());
        await consuming.Task;
    }

    Task<long> IQueuedEvents.CountAsync() => throw new NotSupportedException();

    public async ValueTask DisposeAsync()
    {
        await _processor.StoppingAsync(CancellationToken.None).WaitAsync(SteppedTime.Timeout);
        _processor.Dispose();
    }

    private async Task<Func<IReadOnlyList<AcceptedEvent>, Task>> StartAsync()
    {
        await _processor.StartedAsync(CancellationToken.None);
        return await _consumed.NextAsync();
    }

    private void Break(Exception fault)
    {
        var broken = _consuming;
        _consuming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        broken.SetException(fault);
    }
}
