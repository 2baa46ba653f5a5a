using Gateway.EventsGateway.Findings;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.SendAlerts;

/// <summary>
/// Turns changes of the status into messages, in one process at a time: the one that holds the lease in Redis. While Redis does
/// not answer, the process that held it last goes on. It shows the others what the receivers know, so that the next one goes on
/// from there.
/// </summary>
internal sealed partial class AlertSender(
    CurrentStatus status, FindingRules rules, IEnumerable<AlertTarget> targets, OtherProcesses others, TimeProvider time,
    ILogger<AlertSender> log)
    : PollingService(Step, stopGrace: TimeSpan.Zero, time)
{
    private const string Topic = "alerts";

    public static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Exchange = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    private readonly AlertChanges _changes = new(rules);
    private readonly IReadOnlyList<AlertTarget> _targets = [.. targets];
    private bool _holdsLease;
    private long _exchangedAt;

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        if (_exchangedAt == 0 || Time.GetElapsedTime(_exchangedAt) >= Exchange) await ExchangeAsync();
        if (_holdsLease)
        {
            foreach (var message in _changes.Next(status.Latest, Time.GetUtcNow()))
                foreach (var target in _targets) target.Enqueue(message);
        }

        await Task.Delay(Step, Time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        if (isFirstFailure) LogBroken(fault);
    }

    private async Task ExchangeAsync()
    {
        _exchangedAt = Time.GetTimestamp();
        try
        {
            var holdsLease = await others.TakeLeaseAsync(Topic, Lease);
            if (holdsLease && !_holdsLease)
            {
                var latest = (await others.ReadAsync<List<FindingDto>>(Topic)).OrderBy(note => note.Age).FirstOrDefault();
                if (latest.Content is { } known) _changes.Adopt(known);
            }

            // Only now: without what the receivers know, it would send them all of it again.
            _holdsLease = holdsLease;
            if (_holdsLease) await others.PublishAsync(Topic, Delivered());
        }
        catch (BackendUnavailableException)
        {
            // The status says it, and this process goes on as it was.
        }
    }

    /// <summary>What the receivers know: a message that waits has not told them anything.</summary>
    private IReadOnlyList<FindingDto> Delivered()
    {
        var waiting = _targets.SelectMany(target => target.Waiting).ToList();
        var begun = waiting.Where(message => !message.HasEnded).Select(message => message.Finding.Key).ToHashSet();
        var ended = waiting.Where(message => message.HasEnded).Select(message => message.Finding);
        return [.. _changes.Known.Concat(ended).DistinctBy(finding => finding.Key).Where(one => !begun.Contains(one.Key))];
    }

    [LoggerMessage(254, LogLevel.Error, "Unhandled exception while changes of the status were looked for")]
    private partial void LogBroken(Exception exception);
}
