using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// The one way an outcome gets into the store: grouped with those of other attempts, repeated until it is written,
/// its claim is lost, or the process has to end.
/// </summary>
internal sealed class OutcomeWriter(GroupCommit<AttemptOutcome, bool> group, ProcessEventTelemetry telemetry, TimeProvider time)
{
    /// <summary>False when the claim is lost. The token ends the repetition, not a write that has begun.</summary>
    public async Task<bool> SaveAsync(AttemptOutcome outcome, CancellationToken lastCall)
    {
        while (true)
        {
            try
            {
                return await group.CommitAsync(outcome, lastCall);
            }
            catch (Exception fault) when (fault is BackendUnavailableException or TimeoutException)
            {
                // A write whose answer got lost may have been done: then the repetition finds its claim gone.
                telemetry.StoreFault(fault);
                await Task.Delay(ProcessingOptions.FaultWait, time, lastCall);
            }
        }
    }
}
