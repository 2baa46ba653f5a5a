using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Monitoring.History;

/// <summary>The stored rows, and those of this process as they are now.</summary>
internal sealed class HistoryReader(HistoryRecorder recorder, OtherProcesses others, IHistoryRepository? store = null)
{
    private const string WithoutStore =
        "this process has no store: it knows the last hour of processes without one, in points of 5 minutes the last day";

    public bool HasStore => store is not null;

    /// <summary>The rows of a range, and why those of the store are unknown.</summary>
    public async Task<(IReadOnlyList<HistoryRow> Rows, string? Fault)> ReadAsync(
        HistoryStep step, DateTimeOffset from, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var own = recorder.Record().Rows.Where(row => row.Key.Step == step.Seconds);
        try
        {
            var stored = store is null
                ? (await others.ReadAsync<List<HistoryRow>>(HistoryWriter.Topic)).SelectMany(one => one.Content)
                    .Where(row => row.Key.Step == step.Seconds)
                : await store.ListAsync(step.Seconds, from - step.Span, before, cancellationToken);
            // Of a chunk that both have, the own one is newer.
            return ([.. own.Concat(stored).DistinctBy(row => row.Key)], store is null ? WithoutStore : null);
        }
        catch (BackendUnavailableException fault)
        {
            return ([.. own], fault.Message);
        }
    }
}
