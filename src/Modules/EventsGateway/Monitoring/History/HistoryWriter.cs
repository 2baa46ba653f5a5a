using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Monitoring.History;

/// <summary>
/// Stores the chunks that have changed: one write every 10 s and one at the stop. A process without a store gives its chunks to
/// those that have one, over Redis; they store them unchanged, so that it does not matter how many do.
/// </summary>
internal sealed class HistoryWriter(
    HistoryRecorder recorder, OtherProcesses others, TimeProvider time, ILogger<HistoryWriter> log,
    IHistoryRepository? store = null)
    : PollingService(faultWait: TimeSpan.Zero, stopGrace: TimeSpan.Zero, time)
{
    public const string Topic = "history";

    /// <summary>The times of the processes are the same, by the clock.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(HistoryStep.Short.Seconds);

    // The next point is recorded in its time although a write hangs.
    private static readonly TimeSpan MaxWrite = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(1);

    private readonly Dictionary<HistoryKey, int> _storedOfOthers = [];
    private DateTimeOffset _trimmedAt;
    private long _saved;

    public override Task StoppedAsync(CancellationToken cancellationToken) => WriteLastAsync();

    public async Task SaveAsync()
    {
        var (rows, recording) = recorder.Record(_saved);
        if (store is null)
        {
            // A reader can miss one text: the chunk that has just ended is in the next ones too.
            await others.PublishAsync(Topic, rows);
            _saved = recording - 3;
            return;
        }

        await store.SaveAsync(rows);
        _saved = recording;
        await SaveOthersAsync(store);
        if (Time.GetUtcNow() - _trimmedAt < HistoryStep.Short.Span) return;
        await RemoveOldAsync(store);
        _trimmedAt = Time.GetUtcNow();
    }

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        await Task.Delay(Interval - TimeSpan.FromTicks(Time.GetUtcNow().Ticks % Interval.Ticks), Time, stop);
        await SaveAsync().WaitAsync(MaxWrite, Time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        var unexpected = fault is BackendUnavailableException or TimeoutException ? null : fault;
        if (isFirstFailure) OperationsLog.HistoryNotStored(log, fault.Message, unexpected);
    }

    private async Task WriteLastAsync()
        => await SaveAsync().WaitAsync(LastWrite, Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task SaveOthersAsync(IHistoryRepository rows)
    {
        var published = (await PublishedAsync()).SelectMany(one => one.Content)
            .Where(row => _storedOfOthers.GetValueOrDefault(row.Key) != HashOf(row)).ToList();
        if (published.Count == 0) return;
        await rows.SaveAsync(published);
        foreach (var row in published) _storedOfOthers[row.Key] = HashOf(row);
    }

    private async Task<IReadOnlyList<(List<HistoryRow> Content, TimeSpan Age)>> PublishedAsync()
    {
        try
        {
            return await others.ReadAsync<List<HistoryRow>>(Topic);
        }
        catch (BackendUnavailableException)
        {
            // The heartbeat reports it. The points of this process are stored.
            return [];
        }
    }

    private static int HashOf(HistoryRow row)
    {
        var hash = new HashCode();
        hash.AddBytes(row.Data);
        return hash.ToHashCode();
    }

    private async Task RemoveOldAsync(IHistoryRepository rows)
    {
        var now = Time.GetUtcNow();
        foreach (var step in HistoryStep.All)
        {
            var (first, last) = step.ToKeep(await rows.ListSizesAsync(step.Seconds), now);
            await rows.RemoveOutsideAsync(step.Seconds, first, last);
        }

        foreach (var key in _storedOfOthers.Keys.Where(key => key.Start < now.AddDays(-2)).ToList()) _storedOfOthers.Remove(key);
    }
}
