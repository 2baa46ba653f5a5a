using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.Shared;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Findings;

/// <summary>Evaluates the rules every second, publishes the findings every 5 s, and joins those of the other processes.</summary>
internal sealed class StatusMonitor(
    FigureReader figures, FindingRules rules, CurrentStatus status, OtherProcesses others, IOptions<GatewayOptions> options,
    TimeProvider time, ILogger<StatusMonitor> log)
    : PollingService(Step, stopGrace: TimeSpan.Zero, time)
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private const string Topic = "findings";

    private static readonly TimeSpan Exchange = TimeSpan.FromSeconds(5);

    private readonly FindingBoard _board = new(rules);
    private IReadOnlyList<StatusNote> _others = [];
    private long _exchangedAt;

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        var own = new StatusNote(
            $"{Environment.ProcessId} on {Environment.MachineName}", options.Value.HasIngest, _board.Evaluate(figures.Read()));
        if (_exchangedAt == 0 || Time.GetElapsedTime(_exchangedAt) >= Exchange) await ExchangeAsync(own);
        status.Latest = StatusDto.Of(JoinedFindings.Of(rules, own, _others));
        await Task.Delay(Step, Time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        if (isFirstFailure) OperationsLog.StatusUnknown(log, fault);
    }

    /// <summary>While Redis does not answer, the others are as they were: their findings have not ended.</summary>
    private async Task ExchangeAsync(StatusNote own)
    {
        _exchangedAt = Time.GetTimestamp();
        try
        {
            await others.PublishAsync(Topic, own with { Findings = JoinedFindings.Shared(rules, own) });
            _others = [.. from note in await others.ReadAsync<StatusNote>(Topic)
                          where note.Age <= ProcessStatePolicy.MissingAfter
                          select note.Content];
        }
        catch (BackendUnavailableException)
        {
            // The heartbeat logs it.
        }
    }
}
