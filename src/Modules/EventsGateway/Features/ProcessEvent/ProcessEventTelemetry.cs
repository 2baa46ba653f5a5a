using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Health;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>Spans, metrics and logs of attempts.</summary>
internal sealed class ProcessEventTelemetry(
    GatewayMetrics metrics, FailedMerchants merchants, GatewayTracing tracing, TimeProvider time,
    ILogger<ProcessEventTelemetry> log)
{
    private readonly Throttle _faults = new(time);

    public Activity? Begin(EventEntity e) => tracing.Process(e);

    public void Ended(Attempt attempt, AttemptOutcome outcome, bool isSaved, Activity? span)
    {
        if (outcome.Record is { } record) metrics.RecordAttempt(record.Result, attempt.Duration);
        span?.SetTag("gateway.attempt.result", outcome.Record?.Result ?? "released");
        if (outcome.Error is { } error) span?.SetStatus(ActivityStatusCode.Error, error);
        if (!isSaved)
        {
            EventsGatewayLog.ClaimLost(log, attempt.Event.Key, new TraceId(attempt.Event.Traceparent));
            return;
        }

        Count(attempt.Event, outcome);
        EventsGatewayLog.Settled(log, attempt.Event, outcome);
    }

    public void FailedWithoutAttempt(FailedEvent failed, FailureReason reason, string error)
    {
        metrics.AddSettled(EventStatus.Failed.Text(), reason.Text(), failed.Source);
        EventsGatewayLog.FailedWithoutAttempt(log, failed.Key, reason.Text(), error);
    }

    /// <summary>Throttled: every attempt in flight and the dispatcher report the same outage.</summary>
    public void StoreFault(Exception fault)
    {
        if (_faults.Allows()) EventsGatewayLog.StoreFault(log, fault.Message, ProcessingOptions.FaultWait);
    }

    private void Count(EventEntity e, AttemptOutcome outcome)
    {
        if (outcome is { Status: EventStatus.Failed, Outcome: { } reason }) merchants.Add(reason, e.MerchantId);
        if (outcome.Status != EventStatus.Pending) metrics.AddSettled(outcome.Status.Text(), outcome.Outcome, e.Source);
        else if (outcome.Kind == AttemptOutcomeKind.RetryScheduled) metrics.AddRetry(outcome.Record!.Result);
    }
}
