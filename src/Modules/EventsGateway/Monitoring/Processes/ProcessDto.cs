namespace Gateway.EventsGateway.Monitoring.Processes;

/// <param name="Items">This process first, then the others by host.</param>
/// <param name="Fault">Why the others are unknown; null where they are known.</param>
public sealed record ProcessList(IReadOnlyList<ProcessDto> Items, string? Fault);

/// <summary>A process of the gateway, as it described itself last.</summary>
public sealed record ProcessDto
{
    public required string Id { get; init; }

    public required string Host { get; init; }

    public required int Pid { get; init; }

    /// <summary>All, Ingest or Worker.</summary>
    public required string Role { get; init; }

    public required string Version { get; init; }

    /// <summary>Of a release build; null in others, and where an earlier version describes itself.</summary>
    public string? Commit { get; init; }

    public required string StartedAt { get; init; }

    /// <summary>
    /// ready, degraded, not ready, starting, stopping or stopped; missing where it has said nothing for 20 s and has not stopped.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Why it is not ready, or degraded.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Seconds since it described itself.</summary>
    public double Age { get; init; }

    /// <summary>Per second, over the last 5 s.</summary>
    public ProcessRates Rates { get; init; } = ProcessRates.None;

    /// <summary>Attempts that it runs, and can run at the same time.</summary>
    public long InFlight { get; init; }

    public long Slots { get; init; }
}

public sealed record ProcessRates(
    double Accepted, double Duplicate, double Rejected, double Unavailable, double Processed, double Failed)
{
    internal static readonly ProcessRates None = new(0, 0, 0, 0, 0, 0);
}
