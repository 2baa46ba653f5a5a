using System.Diagnostics;
using System.Security.Cryptography;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Gateway.Shared.Operator;
using Gateway.Shared.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>
/// Logs, counts and traces webhook requests, and keeps a sample of the rejected ones for operators. Log lines that a request can
/// cause are limited to one per second.
/// </summary>
internal sealed class ReceiveEventTelemetry(
    GatewayMetrics metrics, GatewayTracing tracing, RejectedRequestLog rejectedRequests, ConflictTelemetry conflicts,
    TimeProvider time, ILogger<ReceiveEventTelemetry> log)
{
    private const int MaxNames = 50;
    private const int MaxText = 256;

    private static readonly Rejection Unavailable = Rejection.Unavailable with
    {
        Detail = "the request is valid, but the event could not be stored: send it again",
    };

    // Each record requires the hash of a body, so a flood of rejected requests is sampled.
    private readonly Throttle _rejectedRecords = new(time, perSecond: 20);
    private readonly Throttle _unavailableRecords = new(time, perSecond: 10);
    private readonly Throttle _rejectedLines = new(time);
    private readonly Throttle _unavailableLines = new(time);
    private readonly Throttle _notDurableLines = new(time);

    public long Start() => time.GetTimestamp();

    public Activity? StartPublish() => tracing.Publish();

    /// <summary>Each request is reported here once, immediately before its response is written.</summary>
    public void Answered(HttpContext http, ReadOnlyMemory<byte> body, ReceiveEventResult result, long started)
    {
        var took = time.GetElapsedTime(started);
        switch (result)
        {
            case ReceiveEventResult.Accepted accepted:
                Accepted(accepted, took);
                break;
            case ReceiveEventResult.Rejected { Rejection: var rejection, Sent: var sent }:
                metrics.AddRejected(rejection.Reason, took);
                if (_rejectedRecords.Allows()) Rejected(RecordOf(http, body, rejection, sent?.ShippingCompanyId, sent?.EventId));
                break;
            case ReceiveEventResult.Unavailable unavailable:
                Log(unavailable);
                metrics.AddRejected(RejectionReason.Unavailable, took);
                var key = unavailable.Event.Key;
                if (_unavailableRecords.Allows())
                    rejectedRequests.Add(RecordOf(http, body, Unavailable, key.ShippingCompanyId, key.EventId));
                break;
        }
    }

    /// <summary>A request that the server answered; no body was read.</summary>
    public void RejectedByServer(HttpContext http, Rejection rejection)
    {
        metrics.AddRejected(rejection.Reason);
        if (_rejectedRecords.Allows()) Rejected(RecordOf(http, body: default, rejection, shippingCompanyId: null, eventId: null));
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];

    private void Accepted(ReceiveEventResult.Accepted accepted, TimeSpan took)
    {
        EventsGatewayLog.Accepted(log, accepted.Event, accepted.Enqueued.Status);
        if (accepted.Enqueued.Status == EnqueueStatus.Duplicate) metrics.AddDuplicate(took);
        else metrics.AddAccepted(took);
        if (accepted.Enqueued.IsConflict) conflicts.Record(accepted.Event);
    }

    // Limited to one line per second. Hints contain no value of a header or of the body.
    private void Rejected(RejectedRequest record)
    {
        rejectedRequests.Add(record);
        if (!_rejectedLines.Allows()) return;
        EventsGatewayLog.Rejected(
            log, record.RemoteAddress, record.Status, record.Reason, record.Hint ?? record.Message, record.RequestId);
    }

    private void Log(ReceiveEventResult.Unavailable unavailable)
    {
        var (e, reason, fault) = unavailable;
        var trace = new TraceId(e.Traceparent);
        if (fault is null && _unavailableLines.Allows())
            EventsGatewayLog.IngestUnavailable(log, e.Key, trace, reason, e.RequestIdOrOwn);
        if (fault is not null && _notDurableLines.Allows())
        {
            // Expected faults need no stack trace.
            var isExpected = fault is BackendUnavailableException or TimeoutException;
            EventsGatewayLog.NotDurable(log, e.Key, trace, reason, e.RequestIdOrOwn, isExpected ? null : fault);
        }
    }

    private RejectedRequest RecordOf(
        HttpContext http, ReadOnlyMemory<byte> body, Rejection rejection, string? shippingCompanyId, string? eventId) => new()
    {
        At = IsoTime.Text(time.GetUtcNow()),
        RequestId = http.TraceIdentifier,
        Status = rejection.Status,
        Reason = rejection.Reason,
        Message = rejection.Message,
        Hint = rejection.Detail,
        Fields = rejection.Fields,
        RemoteAddress = RemoteAddress.Of(http)?.ToString(),
        HeaderNames = [.. http.Request.Headers.Keys.Take(MaxNames).Select(Cut)],
        ContentType = http.Request.ContentType is { } type ? Cut(type) : null,
        BodyBytes = body.Length,
        // The hash of a truncated body cannot be compared.
        BodySha256 = rejection.HasWholeBody ? Convert.ToHexStringLower(SHA256.HashData(body.Span)) : null,
        ShippingCompanyId = shippingCompanyId is null ? null : Cut(shippingCompanyId),
        EventId = eventId is null ? null : Cut(eventId),
    };
}
