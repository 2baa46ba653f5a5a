using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.StoreQueuedEvents;

/// <summary>
/// Moves events from the queue into the store, in bulk, and nothing else: no content can kill it. While the store is
/// away it holds nothing: the queue keeps what comes.
/// </summary>
internal sealed class EventsQueueProcessor(
    IQueuedEvents queue, IEventRepository events, WorkSignal work, StoreQueuedEventsTelemetry telemetry, TimeProvider time, ILogger<EventsQueueProcessor> log)
    : PollingService(FaultWait, StoreGrace, time)
{
    private static readonly TimeSpan FaultWait = TimeSpan.FromSeconds(1);

    /// <summary>What a group in work may take at a stop. A slower one is delivered again, and found in the store.</summary>
    private static readonly TimeSpan StoreGrace = TimeSpan.FromSeconds(2);

    private volatile string? _fault = "starting";

    /// <summary>Why nothing is moved at the moment; null when all is well.</summary>
    public string? Fault => HasEnded ? "the intake has ended" : _fault;

    /// <summary>Runs as long as queue and store do; ends with the fault of the one that does not.</summary>
    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        await events.ProbeAsync();
        await queue.ConsumeAsync(StoreAsync, stop, OnStarted);
    }

    private void OnStarted()
    {
        if (_fault is not null) EventsGatewayLog.QueueReaderStarted(log);
        _fault = null;
        MarkHealthy();
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        if (isFirstFailure) EventsGatewayLog.QueueReaderPaused(log, fault.Message, fault is BackendUnavailableException ? null : fault);
        _fault = fault.Message;
    }

    private async Task StoreAsync(IReadOnlyList<AcceptedEvent> group)
    {
        using var span = telemetry.Begin(group);
        var added = await events.AddAsync(group);
        work.Raise();
        telemetry.Stored(group, added);
    }
}
