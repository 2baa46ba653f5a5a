using System.Security.Cryptography;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Gateway.Shared.Operator;

/// <summary>The keys that are valid now.</summary>
public sealed class OperatorKeys
{
    private readonly OperatorKeyReader _reader;
    private IReadOnlyList<OperatorKey> _all;
    private IReadOnlyList<string> _errors;

    internal OperatorKeys(OperatorKeyReader reader) => ((_all, _errors), _reader) = (reader.Read(), reader);

    /// <summary>Empty where no key is configured; a reload does not change that.</summary>
    public IReadOnlyList<OperatorKey> All => Volatile.Read(ref _all);

    /// <summary>Why the settings, or the files as they are now, are not used.</summary>
    public IReadOnlyList<string> Errors => Volatile.Read(ref _errors);

    /// <summary>Compares with every key, so that the time is the same for all.</summary>
    public OperatorKey? Find(string given)
    {
        var hash = OperatorKey.HashOf(given);
        OperatorKey? found = null;
        foreach (var key in All)
            if (CryptographicOperations.FixedTimeEquals(key.Hash, hash)) found = key;
        return found;
    }

    public OperatorKey? ByName(string name) => All.FirstOrDefault(key => key.Name == name);

    /// <summary>Reads the files again; with an error the keys of before stay. True where something has changed.</summary>
    internal bool Reload()
    {
        var (keys, errors) = _reader.Read();
        if (errors.Count == 0 && keys.Count == 0) errors = ["no key is left; the operator API cannot be switched off"];
        var hasChanged = !errors.SequenceEqual(Errors);
        Volatile.Write(ref _errors, errors);
        if (errors.Count > 0) return hasChanged;
        hasChanged |= keys.Count != All.Count || keys.Zip(All).Any(pair => !pair.First.IsSameAs(pair.Second));
        Volatile.Write(ref _all, keys);
        return hasChanged;
    }
}

/// <summary>
/// Reads keys from files again every 2 s, so that a key is added or removed without a restart. Event ids 140-141.
/// </summary>
internal sealed partial class OperatorKeyReloader(
    OperatorKeyReader reader, OperatorKeys keys, TimeProvider time, ILogger<OperatorKeyReloader> log)
    : PollingService(Interval, stopGrace: TimeSpan.Zero, time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public override Task StartedAsync(CancellationToken cancellationToken)
        => reader.HasFiles ? base.StartedAsync(cancellationToken) : Task.CompletedTask;

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        await Task.Delay(Interval, Time, stop);
        if (!keys.Reload()) return;
        if (keys.Errors.Count > 0) LogKept(string.Join("; ", keys.Errors));
        else LogReloaded(string.Join(", ", keys.All.Select(key => $"{key.Name} ({key.Role.Text()})")));
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure) => LogKept(fault.Message);

    [LoggerMessage(140, LogLevel.Information, "Operator keys reloaded: {Keys}")]
    private partial void LogReloaded(string keys);

    [LoggerMessage(141, LogLevel.Error, "Operator keys not reloaded, those of before stay valid: {Errors}")]
    private partial void LogKept(string errors);
}

/// <summary>Degraded while the files of the keys are not used as they are now.</summary>
internal sealed class OperatorKeysHealthCheck(OperatorKeys keys) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(keys.Errors.Count > 0
            ? HealthCheckResult.Degraded("the files of the operator keys have errors, see the log; those of before stay valid")
            : HealthCheckResult.Healthy($"{keys.All.Count} keys"));
}
