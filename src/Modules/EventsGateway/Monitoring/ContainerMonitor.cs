using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>Reads how many requests of each source wait for a better mapping; beyond a limit ingest takes no more.</summary>
internal sealed class ContainerMonitor(
    IEventQueries events, SourceLedger ledger, TimeProvider time, ILogger<ContainerMonitor> log)
    : PollingService(Interval, stopGrace: TimeSpan.Zero, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private IReadOnlyList<OpenContainers> _latest = [];

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        var now = await events.CountContainersAsync(stop);
        foreach (var gone in _latest.ExceptBy(now.Select(one => one.Source), one => one.Source))
            ledger.Of(gone.Source).HasContainers(0, 0);
        foreach (var one in now) ledger.Of(one.Source).HasContainers(one.Count, one.Bytes);
        _latest = now;
        await Task.Delay(Interval, Time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        if (isFirstFailure)
            OperationsLog.BacklogUnknown(log, fault.Message, fault is BackendUnavailableException ? null : fault);
    }
}
