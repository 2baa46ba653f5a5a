namespace Gateway.EventsGateway.Repositories;

/// <summary>The series of all processes, in chunks that each process writes again while they grow.</summary>
internal interface IHistoryRepository
{
    /// <summary>Adds the rows or replaces those of the same key, in one write.</summary>
    Task SaveAsync(IReadOnlyList<HistoryRow> rows);

    /// <summary>Those of a step that begin in this range, in any order.</summary>
    Task<IReadOnlyList<HistoryRow>> ListAsync(
        int step, DateTimeOffset from, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>The size of each row of a step, in any order.</summary>
    Task<IReadOnlyList<HistorySize>> ListSizesAsync(int step);

    /// <summary>Removes the rows of a step that begin before the first or after the last time.</summary>
    Task RemoveOutsideAsync(int step, DateTimeOffset first, DateTimeOffset last);
}

/// <param name="Step">Seconds of a point.</param>
/// <param name="Start">The start of the first point.</param>
/// <param name="Writer">The process, and a further id of it where its clock was set back.</param>
internal readonly record struct HistoryKey(int Step, DateTimeOffset Start, Guid Writer);

/// <param name="Key">Its key.</param>
/// <param name="Process">The id of the process, as in the list of processes.</param>
/// <param name="Host">Its host.</param>
/// <param name="Data">The points, as the process has written them.</param>
internal sealed record HistoryRow(HistoryKey Key, string Process, string Host, byte[] Data);

internal readonly record struct HistorySize(DateTimeOffset Start, long Bytes);
