using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Health;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>What is to be told of attempts and of what they come to: a span, the numbers, a line.</summary>
internal sealed class ProcessEventTelemetry(GatewayMetrics metrics, GatewayTracing tracing, TimeProvider time, ILogger<ProcessEventTelemetry> log)
{
    private readonly Throttle _faults = new(time);

    public Activity? Begin(EventEntity e) => tracing.Process(e);

    public void Ended(Attempt attempt, AttemptOutcome outcome, bool isSaved, Activity? span)
    {
        if (outcome.Record is { } record) metrics.RecordAttempt(record.Result, attempt.Took);
        span?.SetTag("gateway.attempt.result", outcome.Record?.Result ?? "released");
        if (outcome.Error is { } error) span?.SetStatus(ActivityStatusCode.Error, error);
        if (!isSaved)
        {
            EventsGatewayLog.ClaimLost(log, attempt.Event.Key, new TraceId(attempt.Event.Traceparent));
            return;
        }

        Count(outcome);
        EventsGatewayLog.Settled(log, attempt.Event, outcome);
    }

    /// <summary>Ended without an attempt.</summary>
    public void FailedWithoutAttempt(EventKey key, string outcome, string reason)
    {
        metrics.AddSettled(EventStatus.Failed.Text(), outcome);
        EventsGatewayLog.FailedWithoutAttempt(log, key, outcome, reason);
    }

    /// <summary>Every attempt in flight, and the dispatcher, meet the same outage.</summary>
    public void StoreFault(Exception fault)
    {
        if (_faults.Allows()) EventsGatewayLog.StoreFault(log, fault.Message, ProcessingOptions.FaultWait);
    }

    private void Count(AttemptOutcome outcome)
    {
        switch (outcome.End)
        {
            case AttemptOutcomeKind.Processed:
                metrics.AddSettled(EventStatus.Processed.Text(), outcome.Outcome);
                break;
            case AttemptOutcomeKind.Failed:
                metrics.AddSettled(EventStatus.Failed.Text(), outcome.Outcome);
                break;
            case AttemptOutcomeKind.Retry:
                metrics.AddRetry(outcome.Record!.Result);
                break;
        }
    }
}
