using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>
/// Logs, counts and traces webhook requests, and keeps a sample of the rejected ones for operators. Log lines that a request can
/// cause are limited to one per second.
/// </summary>
internal sealed class ReceiveEventTelemetry(
    GatewayMetrics metrics, GatewayTracing tracing, RejectedRequestLog rejectedRequests, ConflictTelemetry conflicts,
    SourceLedger ledger, IngestHealthCheck health, TimeProvider time, ILogger<ReceiveEventTelemetry> log)
{
    private static readonly Rejection Unavailable = Rejection.Unavailable with
    {
        Detail = "the request is valid, but the event could not be stored: send it again",
    };

    private readonly Throttle _rejectedLines = new(time), _unavailableLines = new(time), _notDurableLines = new(time);

    public long Start() => time.GetTimestamp();

    public Activity? StartPublish(IHeaderDictionary headers) => tracing.Publish(headers.TraceParent);

    /// <summary>Each request of the built-in source is reported here once, immediately before its response is written.</summary>
    public void Answered(HttpContext http, ReadOnlyMemory<byte> body, ReceiveEventResult result, long started)
    {
        switch (result)
        {
            case ReceiveEventResult.Accepted accepted:
                var e = accepted.Event;
                Succeeded(e.Source, e.SecretId, Accepted(e, accepted.Enqueued), started);
                break;
            case ReceiveEventResult.Rejected { Rejection: var rejection, Sent: var sent }:
                Rejected(http, body, rejection, CanonicalEvent.BuiltInSource, started, sent?.ShippingCompanyId, sent?.EventId);
                break;
            case ReceiveEventResult.Unavailable unavailable:
                NotDurable(http, body, unavailable.Cause, started);
                break;
        }
    }

    /// <summary>The events of one request, and what else it was: skipped, unmapped or stale.</summary>
    public void Accepted(
        string source, string? secretId, IReadOnlyList<AcceptedEvent> events, IReadOnlyList<EnqueueResult> enqueued,
        SourceCounts counts, long started)
    {
        for (var i = 0; i < events.Count; i++) counts += Accepted(events[i], enqueued[i]);
        if (counts.Skipped > 0) metrics.AddSkipped(source, counts.Skipped);
        if (counts.Unmapped > 0) metrics.AddUnmapped(source, counts.Unmapped);
        Succeeded(source, secretId, counts, started);
    }

    /// <summary>The vocabularies of senders are open; operators see the words that no table has.</summary>
    public void Mapped(string source, MappedRequest mapped)
    {
        foreach (var item in mapped.Items)
            if (item.Event is { IsTypeKnown: false } e) ledger.Of(source).OfUnknownType(OutsideText.Clean(e.TypeText));
    }

    public void Handshake(string source)
    {
        ledger.Of(source).AnsweredHandshake();
        metrics.AddHandshake(source);
    }

    public void Rejected(
        HttpContext http, ReadOnlyMemory<byte> body, Rejection rejection, string source, long started,
        string? shippingCompanyId = null, string? eventId = null)
    {
        ledger.Of(source).Failed(rejection.Reason);
        metrics.AddRejected(rejection.Reason, source);
        metrics.RecordAccept("rejected", time.GetElapsedTime(started));
        Log(rejectedRequests.Report(
            source, rejection.Reason,
            () => RejectionRecord.Of(http, body, rejection, source, time.GetUtcNow(), shippingCompanyId, eventId)));
    }

    public void NotDurable(HttpContext http, ReadOnlyMemory<byte> body, NotDurable cause, long started)
    {
        LogNotDurable(cause);
        var e = cause.Event;
        // A full source is full in every process: a load balancer that leaves them all would stop the other senders too.
        if (e.Defect is null || !ledger.Of(e.Source).IsFull) health.Failed(cause.Reason);
        ledger.Of(e.Source).Failed(RejectionReason.Unavailable);
        metrics.AddRejected(RejectionReason.Unavailable, e.Source);
        metrics.RecordAccept(RejectionReason.Unavailable, time.GetElapsedTime(started));
        rejectedRequests.Report(e.Source, RejectionReason.Unavailable, () => RejectionRecord.Of(
            http, body, Unavailable, e.Source, time.GetUtcNow(), e.Key.ShippingCompanyId, e.Key.EventId));
    }

    /// <summary>A request that the server answered; no body was read.</summary>
    public void RejectedByServer(HttpContext http, Rejection rejection)
    {
        metrics.AddRejected(rejection.Reason, source: null);
        Log(rejectedRequests.Report(
            source: null, rejection.Reason,
            () => RejectionRecord.Of(http, body: default, rejection, source: null, time.GetUtcNow())));
    }

    private void Succeeded(string source, string? secretId, in SourceCounts counts, long started)
    {
        health.Succeeded();
        ledger.Of(source).Succeeded(counts, secretId);
        metrics.RecordAccept(counts is { Accepted: 0, Duplicates: > 0 } ? "duplicate" : "accepted", time.GetElapsedTime(started));
    }

    private SourceCounts Accepted(AcceptedEvent e, EnqueueResult enqueued)
    {
        EventsGatewayLog.Accepted(log, e, enqueued.Status);
        // Kept with what could not be mapped; the caller has counted that.
        if (e.Defect is not null) return default;
        if (enqueued.IsConflict) conflicts.Record(e);
        if (enqueued.Status == EnqueueStatus.Duplicate)
        {
            metrics.AddDuplicate(e.Source);
            return new SourceCounts(Duplicates: 1, Conflicts: enqueued.IsConflict ? 1 : 0);
        }

        metrics.AddAccepted(e.Source);
        return new SourceCounts(Accepted: 1);
    }

    private void Log(RejectedRequest? record)
    {
        if (record is null || !_rejectedLines.Allows()) return;
        EventsGatewayLog.Rejected(
            log, record.RemoteAddress, record.Status, record.Reason, record.Hint ?? record.Message, record.RequestId);
    }

    private void LogNotDurable(NotDurable cause)
    {
        var (e, reason, fault) = cause;
        var trace = new TraceId(e.Traceparent);
        if (fault is null && _unavailableLines.Allows())
            EventsGatewayLog.IngestUnavailable(log, e.Key, trace, reason, e.RequestIdOrOwn);
        if (fault is not null && _notDurableLines.Allows())
            EventsGatewayLog.NotDurable(log, e.Key, trace, reason, e.RequestIdOrOwn, cause.UnexpectedFault);
    }
}
