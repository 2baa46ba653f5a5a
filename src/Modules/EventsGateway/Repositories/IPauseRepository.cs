namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// Pauses of routing, so that they survive restarts and every process sees them. Times come from the store's clock.
/// </summary>
internal interface IPauseRepository
{
    /// <summary>Current pauses and ended ones, oldest first.</summary>
    Task<IReadOnlyList<RoutingPause>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Null pauses all merchants. False where this scope is paused: that pause stays.</summary>
    Task<bool> PauseAsync(string? merchantId, string by);

    /// <summary>False where this scope is not paused.</summary>
    Task<bool> ResumeAsync(string? merchantId);
}

/// <param name="MerchantId">Null: all merchants.</param>
/// <param name="Since">When it began.</param>
/// <param name="By">The operator, as in the audit record.</param>
/// <param name="ResumedAt">Null while it lasts.</param>
internal sealed record RoutingPause(string? MerchantId, DateTimeOffset Since, string By, DateTimeOffset? ResumedAt)
{
    /// <summary>An ended pause is kept for longer than an event may wait: that time does not count for its deadline.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    public bool IsCurrent => ResumedAt is null;
}
