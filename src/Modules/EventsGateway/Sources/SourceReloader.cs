using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Sources.Configuration;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Gateway.Shared.Operator;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Sources;

/// <summary>
/// Reads the files of the sources again when their content has changed. What has errors is not used: the sources of before keep
/// running. Event ids 290-299.
/// </summary>
internal sealed partial class SourceReloader(
    SourceLoader loader, LoadedSources atStart, CurrentSources current, OperatorKeys keys, SourceLedger ledger,
    TimeProvider time, ILogger<SourceReloader> log)
    : PollingService(Interval, stopGrace: TimeSpan.Zero, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private FileSnapshot _files = atStart.Files;

    public override Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in atStart.Warnings) LogWarning(warning);
        BeginRecords();
        return base.StartedAsync(cancellationToken);
    }

    /// <summary>One look at the files, and a load if one has changed.</summary>
    public void Refresh()
    {
        if (!_files.HasChanged()) return;
        var loaded = loader.Load();
        _files = loaded.Files;
        var errors = loaded.Table is null ? loaded.Errors : [.. KeysOfOperatorsIn(loaded.Table)];
        if (loaded.Table is not { } table || errors.Count > 0)
        {
            if (!current.Errors.SequenceEqual(errors)) LogKept(string.Join("; ", errors));
            current.Keep(errors);
            return;
        }

        foreach (var source in table.All)
        {
            if (current.Table.ByName(source.Name) is { } before && before.Identity != source.Identity) LogIdentity(source.Name);
        }

        foreach (var warning in loaded.Warnings) LogWarning(warning);
        current.Replace(table);
        BeginRecords();
        LogReloaded(table.All.Count);
    }

    /// <summary>At start, and when keys are read again, the reader of the keys compares both.</summary>
    private IEnumerable<string> KeysOfOperatorsIn(SourceTable table)
        => from secret in table.Secrets
           from key in keys.All
           where key.Hash.SequenceEqual(secret.Secret.Hash)
           select $"sources:{secret.Source}: the secret {secret.Secret.Id} is also the key of the operator {key.Name}; "
               + "give senders a secret of their own";

    /// <summary>The silence of a source begins with the source, not when an operator first looks at it.</summary>
    private void BeginRecords()
    {
        foreach (var source in current.Table.All) ledger.Of(source.Name);
    }

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        await Task.Delay(Interval, Time, stop);
        Refresh();
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure) => LogFault(fault);

    [LoggerMessage(290, LogLevel.Information, "Sources reloaded: {Sources} sources")]
    private partial void LogReloaded(int sources);

    [LoggerMessage(291, LogLevel.Error, "Sources not reloaded, those of before keep running: {Errors}")]
    private partial void LogKept(string errors);

    [LoggerMessage(292, LogLevel.Warning, "{Warning}")]
    private partial void LogWarning(string warning);

    [LoggerMessage(293, LogLevel.Warning,
        "Source {Source} has another Map.Id or Each: an event that was sent before and is sent again counts as two")]
    private partial void LogIdentity(OutsideText source);

    [LoggerMessage(294, LogLevel.Error, "Unhandled exception while sources were reloaded")]
    private partial void LogFault(Exception exception);
}

/// <summary>
/// Degraded while the files of the sources are not used as they are now. The errors are in the log and for operators: the
/// readiness is public.
/// </summary>
internal sealed class SourcesHealthCheck(CurrentSources sources) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(sources.Errors.Count > 0
            ? HealthCheckResult.Degraded(
                $"the files of the sources have {SourceFindings.Count(sources.Errors.Count, "error")}, see the log; "
                + "the sources of before keep running")
            : HealthCheckResult.Healthy($"{sources.Table.All.Count} sources"));
}
