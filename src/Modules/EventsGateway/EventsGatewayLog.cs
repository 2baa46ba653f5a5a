using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Health;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway;

/// <summary>Every sentence that this module can log. Ids are stable: alerts are written against them.</summary>
internal static partial class EventsGatewayLog
{
    // Debug: a line per webhook took a third of the door's time, and all it says is in the event's row.
    public static void Accepted(ILogger log, AcceptedEvent e, EnqueueStatus result)
    {
        if (log.IsEnabled(LogLevel.Debug))
            Accepted(log, result, e.Key, e.Type.Text(), e.ShipmentId, e.MerchantId, e.Body.Length, e.AcceptId, new TraceId(e.Traceparent));
    }

    public static void Settled(ILogger log, EventEntity e, AttemptOutcome outcome)
    {
        if (!log.IsEnabled(LogLevel.Information)) return;
        var attempts = e.AttemptsSpent + (outcome.IsCounted ? 1 : 0);
        var trace = new TraceId(e.Traceparent);
        if (outcome.Outcome == EventOutcome.Late)
            Late(log, e.Key, e.ShipmentId, trace);
        else if (outcome.Kind == AttemptOutcomeKind.Completed)
            Processed(log, e.Key, outcome.Outcome, outcome.RouteId, e.ShipmentId, attempts, outcome.Record?.DurationMs, trace);
        else if (outcome.Kind == AttemptOutcomeKind.Failed)
            Failed(log, e.Key, outcome.Outcome, outcome.Error, e.ShipmentId, attempts, trace);
        else
            Rescheduled(log, e.Key, outcome.Kind, outcome.Wait, outcome.Error, trace);
    }

    public static void ForeignMerchant(ILogger log, EventEntity e, ShipmentEntity shipment)
    {
        if (shipment.MerchantId != e.MerchantId) ForeignMerchant(log, e.Key, shipment.ShipmentId, shipment.MerchantId, e.MerchantId, new TraceId(e.Traceparent));
    }

    [LoggerMessage(200, LogLevel.Debug,
        "accepted {Result} event {Key} {Type} shipment {ShipmentId} merchant {MerchantId} {Bytes} bytes as {AcceptId}, trace {TraceId}")]
    private static partial void Accepted(
        ILogger log, EnqueueStatus result, EventKey key, string type, string shipmentId, string merchantId, int bytes, Guid acceptId,
        TraceId traceId);

    [LoggerMessage(201, LogLevel.Warning, "event {Key} has to wait outside, the door answers 503: {Reason}; trace {TraceId}")]
    public static partial void NotTaken(ILogger log, EventKey key, TraceId traceId, string reason);

    [LoggerMessage(202, LogLevel.Error, "event {Key} is not known to be durable, the door answers 503: {Fault}; trace {TraceId}")]
    public static partial void NotDurable(ILogger log, EventKey key, TraceId traceId, string fault, Exception? exception);

    [LoggerMessage(203, LogLevel.Warning, "event {Key} came again with another body; the first one stays; trace {TraceId}")]
    public static partial void Conflict(ILogger log, EventKey key, TraceId traceId);

    [LoggerMessage(204, LogLevel.Error, "{Count} events are not known to be durable, the door answers 503: {Fault}")]
    public static partial void NotEnqueued(ILogger log, int count, string fault);

    [LoggerMessage(210, LogLevel.Information,
        "processed event {Key} {Outcome} {RouteId} shipment {ShipmentId} after {Attempts} attempts, the last in {DurationMs} ms, trace {TraceId}")]
    private static partial void Processed(
        ILogger log, EventKey key, string? outcome, string? routeId, string shipmentId, int attempts, long? durationMs, TraceId traceId);

    [LoggerMessage(216, LogLevel.Information, "processed event {Key} late: shipment {ShipmentId} had ended, nothing was routed; trace {TraceId}")]
    private static partial void Late(ILogger log, EventKey key, string shipmentId, TraceId traceId);

    [LoggerMessage(211, LogLevel.Warning, "failed event {Key} {Outcome}: {Error}; shipment {ShipmentId} after {Attempts} attempts, trace {TraceId}")]
    private static partial void Failed(
        ILogger log, EventKey key, string? outcome, string? error, string shipmentId, int attempts, TraceId traceId);

    [LoggerMessage(212, LogLevel.Information, "pending event {Key} {Kind}, due again in {Wait}: {Error}; trace {TraceId}")]
    private static partial void Rescheduled(
        ILogger log, EventKey key, AttemptOutcomeKind kind, TimeSpan wait, string? error, TraceId traceId);

    [LoggerMessage(213, LogLevel.Warning, "failed event {Key} {Outcome}: {Reason}")]
    public static partial void FailedWithoutAttempt(ILogger log, EventKey key, string outcome, string reason);

    [LoggerMessage(214, LogLevel.Warning,
        "event {Key}: its claim is gone, nothing was written now; an earlier write succeeded, or the lease ran out; trace {TraceId}")]
    public static partial void ClaimLost(ILogger log, EventKey key, TraceId traceId);

    [LoggerMessage(215, LogLevel.Warning,
        "event {Key} names merchant {Given} for shipment {ShipmentId} of merchant {Known}; it is processed all the same; trace {TraceId}")]
    private static partial void ForeignMerchant(ILogger log, EventKey key, string shipmentId, string known, string given, TraceId traceId);

    [LoggerMessage(220, LogLevel.Error, "attempt at event {Key} broke; its claim is left to run out; trace {TraceId}")]
    public static partial void AttemptBroke(ILogger log, EventKey key, TraceId traceId, Exception fault);

    [LoggerMessage(221, LogLevel.Error, "the store does not answer the worker: {Fault}; asking again in {Wait}")]
    public static partial void StoreFault(ILogger log, string fault, TimeSpan wait);

    [LoggerMessage(222, LogLevel.Error, "the dispatcher broke; it starts again in {Wait}")]
    public static partial void DispatcherBroke(ILogger log, TimeSpan wait, Exception fault);

    [LoggerMessage(223, LogLevel.Warning, "routing service: breaker open for {Break}")]
    public static partial void CircuitOpened(ILogger log, TimeSpan @break);

    [LoggerMessage(224, LogLevel.Information, "routing service: breaker closed")]
    public static partial void CircuitClosed(ILogger log);

    [LoggerMessage(225, LogLevel.Information, "worker started: {Slots} events at once, {MaxRetries} retries, routed by {Url}")]
    public static partial void WorkerStarted(ILogger log, int slots, int maxRetries, Uri url);

    [LoggerMessage(226, LogLevel.Information, "worker stopped: every attempt has ended and is saved")]
    public static partial void WorkerStopped(ILogger log);

    [LoggerMessage(227, LogLevel.Warning, "worker stopped: {Left} attempts could not save their outcome, the next start takes them up")]
    public static partial void WorkerCutShort(ILogger log, int left);

    [LoggerMessage(240, LogLevel.Warning,
        "queue {Queue} of the NestJS original does not exist; our own is read, and that one as soon as it is there")]
    public static partial void NestQueueAbsent(ILogger log, string queue);

    [LoggerMessage(260, LogLevel.Information, "intake started: events move from the queue into the store")]
    public static partial void QueueReaderStarted(ILogger log);

    [LoggerMessage(261, LogLevel.Error, "intake paused, the queue keeps what comes: {Fault}")]
    public static partial void QueueReaderPaused(ILogger log, string fault, Exception? exception);

    [LoggerMessage(262, LogLevel.Error, "kept as failed event {Key} {Outcome}: {Reason}")]
    public static partial void Quarantined(ILogger log, EventKey key, string outcome, string reason);

    [LoggerMessage(263, LogLevel.Warning, "copies of failed events wait: {Fault}")]
    public static partial void DeadLettersWait(ILogger log, string fault, Exception? exception);

    [LoggerMessage(264, LogLevel.Warning, "how much waits is not known: {Fault}")]
    public static partial void BacklogUnknown(ILogger log, string fault, Exception? exception);

    [LoggerMessage(231, LogLevel.Warning, "operator had {Forgotten} seen keys forgotten: senders can repeat")]
    public static partial void DeduplicationCacheCleared(ILogger log, long forgotten);

    [LoggerMessage(232, LogLevel.Information, "operator {Who} from {From}: {Action} of {What}: {Result}")]
    public static partial void Audited(ILogger log, string who, string from, string action, string what, string result);

    [LoggerMessage(233, LogLevel.Warning, "the audit record of a {Action} is not complete in the store: {Fault}")]
    public static partial void AuditIncomplete(ILogger log, string action, string fault);

    [LoggerMessage(235, LogLevel.Warning, "operator erased {Events} events and {Shipments} shipments, {Remaining} events remain")]
    public static partial void Erased(ILogger log, int events, int shipments, int remaining);

    [LoggerMessage(236, LogLevel.Warning, "what was erased still stands in the log of the file, the next sweep empties it: {Fault}")]
    public static partial void LogLeft(ILogger log, string fault);

    [LoggerMessage(270, LogLevel.Information, "swept: {Purged} processed events buried, {Cut} finished shipments cut, {Forgotten} tombstones and audit records forgotten")]
    public static partial void PurgeDone(ILogger log, int purged, int cut, int forgotten);

    [LoggerMessage(271, LogLevel.Warning, "the sweep waits {Wait}: {Fault}")]
    public static partial void PurgeWaits(ILogger log, string fault, TimeSpan wait, Exception? exception);

    [LoggerMessage(280, LogLevel.Error, "the console shows no live numbers")]
    public static partial void LiveNumbersLost(ILogger log, Exception fault);

    [LoggerMessage(230, LogLevel.Information, "operator replayed {Replayed} failed events, {Remaining} remain")]
    public static partial void Replayed(ILogger log, int replayed, int remaining);
}
