using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// Saves outcomes, in groups. A write is repeated until it succeeds, its claim is lost, or the process ends.
/// </summary>
internal sealed class OutcomeWriter(GroupCommit<AttemptOutcome, bool> group, ProcessEventTelemetry telemetry, TimeProvider time)
{
    /// <summary>False where the claim was lost. The token cancels further repetitions, but not a write that has begun.</summary>
    public async Task<bool> SaveAsync(AttemptOutcome outcome, CancellationToken drainEnded)
    {
        while (true)
        {
            try
            {
                return await group.CommitAsync(outcome, drainEnded);
            }
            catch (Exception fault) when (fault is BackendUnavailableException or TimeoutException)
            {
                // The write may have succeeded; then the repetition returns false, as for a lost claim.
                telemetry.StoreFault(fault);
                await Task.Delay(ProcessingOptions.FaultWait, time, drainEnded);
            }
        }
    }
}
