namespace Gateway.EventsGateway.Features.ReadHistory;

/// <param name="From">The start of the first point.</param>
/// <param name="To">The end of the last point.</param>
/// <param name="Step">Seconds of a point.</param>
/// <param name="Points">The oldest first.</param>
/// <param name="Fault">Why the points of the store are unknown; null where they are known.</param>
public sealed record HistoryDto(string From, string To, int Step, IReadOnlyList<HistoryPointDto> Points, string? Fault = null);

/// <summary>
/// The counts of one step, and what was measured in it. Values without a record are null; latencies and levels are those of
/// processes, so that they are null for a source.
/// </summary>
public sealed record HistoryPointDto
{
    /// <summary>The start of the point.</summary>
    public required string At { get; init; }

    /// <summary>The seconds of the point that were recorded: a rate is a count divided by them.</summary>
    public required double Seconds { get; init; }

    /// <summary>New events.</summary>
    public long? Accepted { get; init; }

    public long? Duplicates { get; init; }

    /// <summary>Rejected requests and conflicts by their reason.</summary>
    public IReadOnlyDictionary<string, long> Rejected { get; init; } = new Dictionary<string, long>();

    /// <summary>Settled events by their outcome: routed, late, mapped or the reason of the failure.</summary>
    public IReadOnlyDictionary<string, long> Outcomes { get; init; } = new Dictionary<string, long>();

    /// <summary>Failed attempts for which a retry was scheduled.</summary>
    public long? Retries { get; init; }

    public LatencyDto? Accept { get; init; }

    public LatencyDto? Attempt { get; init; }

    /// <summary>The highest numbers of the step.</summary>
    public long? Pending { get; init; }

    public long? Queued { get; init; }

    public long? OldestPendingSeconds { get; init; }

    /// <summary>The attempts in flight of all processes.</summary>
    public long? InFlight { get; init; }
}

/// <summary>Percentiles in milliseconds, accurate to 6 %.</summary>
public sealed record LatencyDto(double P50, double P95, double P99);
