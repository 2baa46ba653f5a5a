using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// Saves outcomes, in groups. A write is repeated until it succeeds, its claim is lost, or the process ends.
/// </summary>
internal sealed class OutcomeWriter(
    GroupCommit<AttemptOutcome, bool> group, WorkSignal work, ProcessEventTelemetry telemetry, TimeProvider time)
{
    /// <summary>False where the claim was lost. The token cancels further repetitions, but not a write that has begun.</summary>
    public async Task<bool> SaveAsync(AttemptOutcome outcome, CancellationToken drainEnded)
    {
        while (true)
        {
            try
            {
                var isSaved = await group.CommitAsync(outcome, drainEnded);
                // Due again, perhaps before the dispatcher wakes; or a container has become events.
                if (outcome.Status == EventStatus.Pending || outcome.IsMapped) work.Raise();
                return isSaved;
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
