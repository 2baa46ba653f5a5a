using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// Pauses of routing, so that they survive restarts and every process sees them. Times come from the store's clock.
/// </summary>
internal interface IPauseRepository
{
    /// <summary>Current pauses and ended ones, oldest first.</summary>
    Task<IReadOnlyList<RoutingPause>> ListAsync(CancellationToken cancellationToken);

    /// <summary>False where this very scope is paused: that pause stays.</summary>
    Task<bool> PauseAsync(RoutingScope scope, string by);

    /// <summary>False where this very scope is not paused.</summary>
    Task<bool> ResumeAsync(RoutingScope scope);
}

/// <param name="Scope">The events that wait.</param>
/// <param name="Since">When it began.</param>
/// <param name="By">The operator, as in the audit record.</param>
/// <param name="ResumedAt">Null while it lasts.</param>
internal sealed record RoutingPause(RoutingScope Scope, DateTimeOffset Since, string By, DateTimeOffset? ResumedAt)
{
    /// <summary>An ended pause is kept for longer than an event may wait: that time does not count for its deadline.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    public bool IsCurrent => ResumedAt is null;
}
