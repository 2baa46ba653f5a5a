using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Health;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway;

/// <summary>
/// The log messages of this module. Event ids are stable, because alerts are written against them. Here: 200-209 ingest, 210-216
/// attempt outcomes, 217-229 worker and routing service.
/// </summary>
internal static partial class EventsGatewayLog
{
    // At Debug, because one line per webhook took a third of the time of ingest, and the stored event has the same data.
    public static void Accepted(ILogger log, AcceptedEvent e, EnqueueStatus result)
    {
        if (!log.IsEnabled(LogLevel.Debug)) return;
        var trace = new TraceId(e.Traceparent);
        Accepted(
            log, e.Key, result, e.Type.Text(), e.ShipmentId, e.MerchantId, e.Body.Length, e.AcceptId, trace, e.RequestIdOrOwn);
    }

    // A processed event is logged at Debug; the summary of each minute, at Information, counts it.
    public static void Settled(ILogger log, EventEntity e, AttemptOutcome outcome)
    {
        if (!log.IsEnabled(outcome.Kind == AttemptOutcomeKind.Completed ? LogLevel.Debug : LogLevel.Warning)) return;
        var attempts = e.Tries + (outcome.IsCall ? 1 : 0);
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
        if (shipment.MerchantId == e.MerchantId) return;
        ForeignMerchant(log, e.Key, shipment.Key.ShipmentId, shipment.MerchantId, e.MerchantId, new TraceId(e.Traceparent));
    }

    [LoggerMessage(200, LogLevel.Debug,
        "Event {EventKey} accepted as {Result}: {Type}, shipment {ShipmentId}, merchant {MerchantId}, {Bytes} bytes, "
        + "acceptance {AcceptId}; trace {TraceId}, request {RequestId}")]
    private static partial void Accepted(
        ILogger log, OutsideText eventKey, EnqueueStatus result, OutsideText type, OutsideText shipmentId, OutsideText merchantId,
        int bytes, Guid acceptId, OutsideText traceId, OutsideText requestId);

    [LoggerMessage(201, LogLevel.Warning,
        "Event {EventKey} was rejected with 503: {Reason}; trace {TraceId}, request {RequestId}")]
    public static partial void IngestUnavailable(
        ILogger log, OutsideText eventKey, OutsideText traceId, OutsideText reason, OutsideText requestId);

    [LoggerMessage(202, LogLevel.Error,
        "Event {EventKey} could not be made durable and was answered with 503: {Error}; trace {TraceId}, request {RequestId}")]
    public static partial void NotDurable(
        ILogger log, OutsideText eventKey, OutsideText traceId, OutsideText error, OutsideText requestId, Exception? exception);

    [LoggerMessage(203, LogLevel.Warning,
        "Event {EventKey} was sent again with another body, the first body is kept; trace {TraceId}, request {RequestId}")]
    public static partial void Conflict(ILogger log, OutsideText eventKey, OutsideText traceId, OutsideText requestId);

    [LoggerMessage(204, LogLevel.Error, "{Count} events could not be made durable and were answered with 503: {Error}")]
    public static partial void NotEnqueued(ILogger log, int count, OutsideText error);

    [LoggerMessage(205, LogLevel.Information, "Request {RequestId} from {RemoteAddress} rejected with {Status} {Reason}: {Hint}")]
    public static partial void Rejected(
        ILogger log, OutsideText remoteAddress, int status, OutsideText reason, OutsideText hint, OutsideText requestId);

    [LoggerMessage(210, LogLevel.Debug,
        "Event {EventKey} processed: {Outcome}, route {RouteId}, shipment {ShipmentId}, {Attempts} attempts, last attempt "
        + "{DurationMs} ms; trace {TraceId}")]
    private static partial void Processed(
        ILogger log, OutsideText eventKey, OutsideText outcome, OutsideText routeId, OutsideText shipmentId, int attempts,
        long? durationMs, OutsideText traceId);

    [LoggerMessage(211, LogLevel.Warning,
        "Event {EventKey} failed: {Reason}, {Error}; shipment {ShipmentId}, {Attempts} attempts; trace {TraceId}")]
    private static partial void Failed(
        ILogger log, OutsideText eventKey, OutsideText reason, OutsideText error, OutsideText shipmentId, int attempts,
        OutsideText traceId);

    [LoggerMessage(212, LogLevel.Information,
        "Event {EventKey} is pending again: {Outcome}, due in {Wait}: {Error}; trace {TraceId}")]
    private static partial void Rescheduled(
        ILogger log, OutsideText eventKey, AttemptOutcomeKind outcome, TimeSpan wait, OutsideText error, OutsideText traceId);

    [LoggerMessage(213, LogLevel.Warning, "Event {EventKey} failed: {Reason}, {Error}")]
    public static partial void FailedWithoutAttempt(ILogger log, OutsideText eventKey, OutsideText reason, OutsideText error);

    [LoggerMessage(214, LogLevel.Warning,
        "Claim of event {EventKey} was lost, its outcome was not saved: an earlier write succeeded or the lease expired; "
        + "trace {TraceId}")]
    public static partial void ClaimLost(ILogger log, OutsideText eventKey, OutsideText traceId);

    [LoggerMessage(215, LogLevel.Warning,
        "Event {EventKey} names merchant {Given}, but shipment {ShipmentId} belongs to merchant {Known}; the event is processed; "
        + "trace {TraceId}")]
    private static partial void ForeignMerchant(
        ILogger log, OutsideText eventKey, OutsideText shipmentId, OutsideText known, OutsideText given, OutsideText traceId);

    [LoggerMessage(216, LogLevel.Debug, "Event {EventKey} processed: late, shipment {ShipmentId} had ended; trace {TraceId}")]
    private static partial void Late(ILogger log, OutsideText eventKey, OutsideText shipmentId, OutsideText traceId);

    [LoggerMessage(220, LogLevel.Error,
        "Unhandled exception while processing {EventKey}; its claim will expire; trace {TraceId}")]
    public static partial void AttemptBroke(ILogger log, OutsideText eventKey, OutsideText traceId, Exception exception);

    [LoggerMessage(221, LogLevel.Error, "The store is unavailable to the worker: {Error}; next try in {Wait}")]
    public static partial void StoreFault(ILogger log, OutsideText error, TimeSpan wait);

    [LoggerMessage(222, LogLevel.Error, "Unhandled exception in the dispatcher; it restarts in {Wait}")]
    public static partial void DispatcherBroke(ILogger log, TimeSpan wait, Exception exception);

    [LoggerMessage(223, LogLevel.Warning, "Routing circuit opened: calls paused for {Pause}")]
    public static partial void CircuitOpened(ILogger log, TimeSpan pause);

    [LoggerMessage(224, LogLevel.Information, "Routing circuit closed")]
    public static partial void CircuitClosed(ILogger log);

    [LoggerMessage(217, LogLevel.Information, "Routing service {Address} answers: HTTP {Status} to HEAD")]
    public static partial void RoutingServiceAnswered(ILogger log, OutsideText address, int status);

    [LoggerMessage(219, LogLevel.Warning, "Routing service {Address} cannot be reached: {Reason}")]
    public static partial void RoutingServiceUnreachable(ILogger log, OutsideText address, OutsideText reason);

    [LoggerMessage(218, LogLevel.Warning,
        "Several merchants were answered 429: calls are paused, then at most {Concurrency} at once")]
    public static partial void CallsLimited(ILogger log, int concurrency);

    [LoggerMessage(228, LogLevel.Warning, "Routing circuit of {Scope} opened: its calls paused for {Pause}")]
    public static partial void MerchantCircuitOpened(ILogger log, OutsideText scope, TimeSpan pause);

    [LoggerMessage(229, LogLevel.Information, "Routing circuit of {Scope} closed")]
    public static partial void MerchantCircuitClosed(ILogger log, OutsideText scope);

    [LoggerMessage(225, LogLevel.Information,
        "Worker started: {Slots} attempts at once, {MaxRetries} retries, routing service {Address}")]
    public static partial void WorkerStarted(ILogger log, int slots, int maxRetries, OutsideText address);

    [LoggerMessage(226, LogLevel.Information, "Worker stopped: all outcomes are saved")]
    public static partial void WorkerStopped(ILogger log);

    [LoggerMessage(227, LogLevel.Warning,
        "Worker stopped: {Unsaved} outcomes are not saved; these events are tried again after their claims expire")]
    public static partial void WorkerCutShort(ILogger log, int unsaved);
}
