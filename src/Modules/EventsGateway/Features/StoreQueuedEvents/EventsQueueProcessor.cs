using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.StoreQueuedEvents;

/// <summary>
/// Moves events from the queue into the store, in bulk. No content stops it. While the store is unavailable the processor holds
/// no messages: they stay in the queue.
/// </summary>
internal sealed class EventsQueueProcessor(
    IQueuedEvents queue, IEventRepository events, EffectiveTimePolicy times, WorkSignal work,
    StoreQueuedEventsTelemetry telemetry, TimeProvider time, ILogger<EventsQueueProcessor> log)
    : PollingService(FaultWait, StoreGrace, time)
{
    private static readonly TimeSpan FaultWait = TimeSpan.FromSeconds(1);

    /// <summary>How long a stop waits for the current group. A slower one is delivered again; the store has it already.</summary>
    private static readonly TimeSpan StoreGrace = TimeSpan.FromSeconds(2);

    private volatile string? _fault = "starting";

    /// <summary>Why no events are moved; null while the processor works.</summary>
    public string? Fault => HasEnded ? "the queue reader has ended" : _fault;

    /// <summary>Runs until queue or store fails, and ends with that fault.</summary>
    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        await events.ProbeAsync();
        await queue.ConsumeAsync(StoreAsync, stop, OnStarted);
    }

    private void OnStarted()
    {
        if (_fault is not null) OperationsLog.QueueReaderStarted(log);
        _fault = null;
        MarkHealthy();
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        var unexpected = fault is BackendUnavailableException ? null : fault;
        if (isFirstFailure) OperationsLog.QueueReaderPaused(log, fault.Message, unexpected);
        _fault = fault.Message;
    }

    private async Task StoreAsync(IReadOnlyList<AcceptedEvent> group)
    {
        using var span = telemetry.Begin(group);
        var added = await events.AddAsync(times.Apply(group));
        work.Raise();
        telemetry.Stored(group, added);
    }
}
