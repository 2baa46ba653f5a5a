using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// Stores the counts of rejected requests every 10 s and at the stop. An ingest process without a store shows its counts to the
/// others as long as it runs.
/// </summary>
internal sealed class RejectionCountsWriter(
    RejectionCounts counts, OtherProcesses others, TimeProvider time, ILogger<RejectionCountsWriter> log,
    IRejectionRepository? store = null)
    : PollingService(Interval, stopGrace: TimeSpan.Zero, time)
{
    public const string Topic = "rejection-counts";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(1);

    public override Task StoppedAsync(CancellationToken cancellationToken) => WriteLastAsync();

    /// <summary>A write whose answer was lost is repeated, and counts twice: a count is evidence, not a bill.</summary>
    public async Task WriteAsync()
    {
        if (store is null)
        {
            if (counts.Read() is { Count: > 0 } own) await others.PublishAsync(Topic, own);
            return;
        }

        var taken = counts.Take();
        if (taken.Count == 0) return;
        try
        {
            await store.AddAsync(taken, RejectionHour.OldestAt(Time.GetUtcNow()));
        }
        catch
        {
            counts.PutBack(taken);
            throw;
        }
    }

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        await WriteAsync();
        await Task.Delay(Interval, Time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        if (isFirstFailure)
            OperationsLog.RejectionsNotStored(log, fault.Message, fault is BackendUnavailableException ? null : fault);
    }

    private async Task WriteLastAsync()
        => await WriteAsync().WaitAsync(LastWrite, Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
