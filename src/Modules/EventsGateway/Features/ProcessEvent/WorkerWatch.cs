using System.Diagnostics;
using Gateway.EventsGateway.Events;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Telemetry;
using Gateway.Shared;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>What is to be told of attempts and of what they come to: a span, the numbers, a line.</summary>
internal sealed class WorkerWatch(GatewayMetrics metrics, GatewayTracing tracing, TimeProvider time, ILogger<WorkerWatch> log)
{
    private readonly LogLimiter _faults = new(time);

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
    public void GivenUp(EventKey key, string outcome, string reason)
    {
        metrics.AddSettled(EventStatus.Failed.Text(), outcome);
        EventsGatewayLog.GivenUp(log, key, outcome, reason);
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
            case AttemptEnd.Processed:
                metrics.AddSettled(EventStatus.Processed.Text(), outcome.Outcome);
                break;
            case AttemptEnd.Failed:
                metrics.AddSettled(EventStatus.Failed.Text(), outcome.Outcome);
                break;
            case AttemptEnd.Retry:
                metrics.AddRetry(outcome.Record!.Result);
                break;
        }
    }
}
