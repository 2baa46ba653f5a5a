using Gateway.Shared;
using Gateway.Shared.Errors;
using Gateway.Shared.Health;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Monitoring.Processes;

/// <summary>Publishes the state of this process every 5 s and at its stop, and reads those of the others.</summary>
internal sealed class ProcessHeartbeat(
    LiveMetrics metrics, Readiness readiness, RejectedRequestLog rejected, OtherProcesses others,
    IOptions<GatewayOptions> options, TimeProvider time, ILogger<ProcessHeartbeat> log)
    : PollingService(Interval, stopGrace: TimeSpan.Zero, time)
{
    public const string RejectedTopic = "rejected";

    private const string Topic = "processes";

    /// <summary>Rejected requests that other processes see.</summary>
    private const int SharedRejected = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly LiveRates _rates = new(metrics, time);
    private IReadOnlyList<RejectedRequest> _lastRejected = [];
    private ProcessDto? _own;
    private Task _stopping = Task.CompletedTask;

    /// <summary>At most a few seconds old.</summary>
    public ProcessList Latest { get; private set; } = new([], null);

    /// <summary>Does not wait for Redis: the worker stops after this.</summary>
    public override async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await base.StoppingAsync(cancellationToken);
        _stopping = EndAsync(HealthText.Stopping);
    }

    public override async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping;
        await EndAsync(ProcessStatePolicy.Stopped);
    }

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        _own = Describe();
        await others.PublishAsync(Topic, _own);
        await PublishRejectedAsync();
        var listed = from one in await others.ReadAsync<ProcessDto>(Topic)
                   let state = ProcessStatePolicy.Of(one.Content.State, one.Age)
                   where state is not null
                   orderby one.Content.Host, one.Content.StartedAt
                   // The rates of a missing process are those of its last word.
                   let rates = state == ProcessStatePolicy.Missing ? ProcessRates.None : one.Content.Rates
                   select one.Content with { State = state, Age = one.Age.TotalSeconds, Rates = rates };
        Latest = new ProcessList([_own, .. listed], null);
        await Task.Delay(Interval, Time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        Latest = new ProcessList([_own ??= Describe()], fault.Message);
        if (isFirstFailure)
            OperationsLog.HeartbeatNotWritten(log, fault.Message, fault is BackendUnavailableException ? null : fault);
    }

    private ProcessDto Describe()
    {
        metrics.RecordGauges();
        var rate = _rates.Next();
        var report = readiness.Latest;
        return new ProcessDto
        {
            Id = others.OwnId, Host = Environment.MachineName, Pid = Environment.ProcessId,
            Role = options.Value.Role.ToString(), Version = ProductVersion.Text,
            Commit = ProductVersion.Commit, StartedAt = ThisProcess.StartedAt,
            State = report is null ? HealthText.Starting : readiness.StatusOf(report),
            Reasons = report is null ? [] : [.. ReasonsIn(report)],
            Rates = new ProcessRates(
                rate(totals => totals.Accepted), rate(totals => totals.Duplicate),
                rate(totals => totals.Rejected), rate(totals => totals.Unavailable),
                rate(totals => totals.Processed), rate(totals => totals.Failed)),
            InFlight = metrics.InFlight, Slots = metrics.Slots,
        };
    }

    private async Task PublishRejectedAsync()
    {
        var latest = rejected.Latest(SharedRejected);
        if (latest.SequenceEqual(_lastRejected)) return;
        await others.PublishAsync(RejectedTopic, latest);
        _lastRejected = latest;
    }

    private async Task EndAsync(string state)
    {
        if (_own is null) return;
        try
        {
            await others.PublishAsync(Topic, _own with { State = state, Reasons = [], Rates = ProcessRates.None, InFlight = 0 });
        }
        catch (BackendUnavailableException fault)
        {
            // The others see it as missing.
            OperationsLog.HeartbeatNotWritten(log, fault.Message, null);
        }
    }

    private static IEnumerable<string> ReasonsIn(HealthReport report)
        => report.Entries.Where(check => check.Value.Status != HealthStatus.Healthy)
            .Select(check => check.Value.Description ?? check.Key);
}
