namespace Gateway.EventsGateway.Monitoring;

/// <param name="Accepted">New events.</param>
/// <param name="Duplicates">Events that were accepted before.</param>
/// <param name="Conflicts">Duplicates with another body.</param>
/// <param name="Skipped">Requests or items that the settings of the source leave out.</param>
/// <param name="Unmapped">Items that could not be mapped.</param>
/// <param name="UnmappedRequests">Requests with such items.</param>
/// <param name="Stale">Requests with a timestamp outside the tolerance, where that is only counted.</param>
/// <param name="Handshakes">Handshakes that were answered.</param>
internal readonly record struct SourceCounts(
    long Accepted = 0, long Duplicates = 0, long Conflicts = 0, long Skipped = 0, long Unmapped = 0, long UnmappedRequests = 0,
    long Stale = 0, long Handshakes = 0)
{
    public static SourceCounts operator +(SourceCounts a, SourceCounts b) => new(
        a.Accepted + b.Accepted, a.Duplicates + b.Duplicates, a.Conflicts + b.Conflicts, a.Skipped + b.Skipped,
        a.Unmapped + b.Unmapped, a.UnmappedRequests + b.UnmappedRequests, a.Stale + b.Stale, a.Handshakes + b.Handshakes);
}

internal readonly record struct SecretUse(long Requests, DateTimeOffset LastAt);

/// <param name="Start">Since when it is counted.</param>
/// <param name="Counts">Of all successful requests.</param>
/// <param name="LastRequestAt">The last successful request.</param>
/// <param name="FailingSince">The first of the failures in a row.</param>
/// <param name="LastFailure">The reason of the last one.</param>
/// <param name="FailuresInARow">Failures since the last success.</param>
internal sealed record SourceRecord(
    DateTimeOffset Start, SourceCounts Counts, DateTimeOffset? LastRequestAt, DateTimeOffset? FailingSince, string? LastFailure,
    long FailuresInARow)
{
    /// <summary>Requests that wait for a better mapping, of all processes.</summary>
    public required long OpenContainers { get; init; }

    /// <summary>Further ones are answered 503.</summary>
    public required bool IsFull { get; init; }

    public required IReadOnlyDictionary<string, long> Rejected { get; init; }

    public required IReadOnlyDictionary<string, SecretUse> Secrets { get; init; }

    /// <summary>Types without an entry in the table: their events are SHIPMENT_UPDATED.</summary>
    public required IReadOnlyDictionary<string, long> UnknownTypes { get; init; }

    /// <summary>One number per minute, the current one last.</summary>
    public required IReadOnlyList<long> AcceptedByMinute { get; init; }

    public required IReadOnlyList<long> RejectedByMinute { get; init; }
}
