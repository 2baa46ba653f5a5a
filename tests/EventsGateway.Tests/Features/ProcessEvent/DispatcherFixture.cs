using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.EventsGateway.Tests.Monitoring;
using Gateway.EventsGateway.Tests.Routing;
using Gateway.Shared.Hosting;
using Gateway.TestSupport;
using MediatR;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Done = MediatR.Unit;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

/// <summary>An attempt that the dispatcher has begun; it lasts until the test ends it.</summary>
internal sealed class BegunAttempt(ProcessEventCommand command, CancellationToken cutOff)
{
    private readonly TaskCompletionSource<Done> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => command.Claimed.Event.Key.EventId;

    public CancellationToken CutOff => cutOff;

    public CancellationToken DrainEnded => command.DrainEnded;

    public Task<Done> Ended => _end.Task;

    public void End() => _end.TrySetResult(Done.Value);

    public void Break() => _end.TrySetException(new InvalidOperationException("not even its outcome could be written"));
}

/// <summary>The dispatcher over a stub store, attempts that the test holds, and a clock that stands still.</summary>
internal sealed class DispatcherFixture : IMediator, IAsyncDisposable
{
    public static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);

    private readonly List<BegunAttempt> _all = [];
    private readonly AttemptRunner _runner;
    private readonly RoutingPauses _pauses;
    private int _events;
    private bool _isOver;

    public DispatcherFixture(
        Action<ProcessingOptions>? configure = null, Action<RoutingOptions>? routing = null, IPauseRepository? pauses = null)
    {
        var processing = new ProcessingOptions { Prefetch = 3, PollInterval = LongestSleep };
        configure?.Invoke(processing);
        var options = Options.Create(processing);
        Work = new WorkSignal(Time);
        Routing = new RoutingFixture(Time, routing);
        Slots = new CallSlots(
            Routing.Target, Routing.Pace, Work, options, Options.Create(new RoutingOptions()), Time);
        _runner = new AttemptRunner(this, Work, Routing.Target, Slots, options, Time, NullLogger<AttemptRunner>.Instance);
        Pauses = pauses ?? new MemoryPauses(Time);
        _pauses = new RoutingPauses(Pauses, Time);
        var claims = new EventClaims(
            Store, _runner, Routing.Circuits, _pauses, Routing.Pace, NullTelemetry.Worker(Time),
            new DeadlinePolicy(options), options,
            Options.Create(new RoutingOptions()), Time);
        Dispatcher = new EventsDispatcher(
            claims, _runner, Routing.Circuits, _pauses, Routing.Pace, Work, NullTelemetry.Worker(Time), options, Time,
            NullLogger<EventsDispatcher>.Instance);
    }

    public IPauseRepository Pauses { get; }

    public SteppedTime Time { get; } = new();

    public StubStore Store { get; } = new();

    public RoutingFixture Routing { get; }

    public WorkSignal Work { get; }

    public EventsDispatcher Dispatcher { get; }

    public Recorder<BegunAttempt> Begun { get; } = new();

    public AttemptRunner Runner => _runner;

    public CallSlots Slots { get; }

    public int InFlight => _runner.InFlight;

    public Task StartAsync() => Dispatcher.StartedAsync(CancellationToken.None);

    public ClaimedBatch Batch(int count, bool isolatedDue = false)
        => StubStore.Nothing with
        {
            Events = [.. Enumerable.Range(0, count).Select(_ => StubStore.Claimed($"e-{++_events}", Time.GetUtcNow()))],
            IsolatedDue = isolatedDue,
        };

    public async Task<BegunAttempt[]> BegunAsync(int count)
    {
        var begun = new BegunAttempt[count];
        for (var i = 0; i < count; i++) begun[i] = await Begun.NextAsync();
        return begun;
    }

    public Task<TResponse> Send<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken = default)
    {
        var attempt = new BegunAttempt((ProcessEventCommand)(object)request, cancellationToken);
        lock (_all)
        {
            _all.Add(attempt);
            if (_isOver) attempt.End();
        }

        Begun.Add(attempt);
        return (Task<TResponse>)(object)attempt.Ended;
    }

    public Task Publish(object notification, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task Publish<TNotification>(TNotification notification, CancellationToken cancellationToken = default)
        where TNotification : INotification => throw new NotSupportedException();

    /// <summary>
    /// Ends what has begun, and what begins from now on: on a busy machine an attempt that the dispatcher has claimed may reach
    /// <see cref="Send{TResponse}"/> only after the stop, and the stop waits for it by a clock that stands still.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        lock (_all)
        {
            _isOver = true;
            _all.ForEach(attempt => attempt.End());
        }

        Store.OnClaim = _ => StubStore.Nothing;
        await Dispatcher.StoppingAsync(CancellationToken.None).WaitAsync(SteppedTime.Timeout);
        Dispatcher.Dispose();
        _runner.Dispose();
        Slots.Dispose();
    }
}
