namespace Gateway.EventsGateway.Repositories;

/// <param name="PerSecond">At most so many replayed events become due in any second.</param>
/// <param name="From">Where the call before has ended; null: now.</param>
internal readonly record struct ReplayRate(int PerSecond, DateTimeOffset? From = null);

/// <summary>The due times of one call, in milliseconds: all now, or spread evenly.</summary>
internal sealed class ReplaySchedule(ReplayRate? rate, long now)
{
    private readonly long _from = Math.Max(now, rate?.From?.ToUnixTimeMilliseconds() ?? now);
    private long _taken;

    /// <summary>For the next call; null without a rate. Rounded up, so that no second gets more than its events.</summary>
    public DateTimeOffset? End => rate is { PerSecond: var perSecond }
        ? DateTimeOffset.FromUnixTimeMilliseconds(_from + (((_taken * 1000) + perSecond - 1) / perSecond))
        : null;

    public long Next() => rate is { PerSecond: var perSecond } ? _from + (_taken++ * 1000 / perSecond) : _from;
}

/// <param name="Replayed">Events that are pending again.</param>
/// <param name="Remaining">Events that are left for the next call.</param>
/// <param name="AsOf">The store's time of the first call; null where events were named.</param>
/// <param name="NextDueAt">Where the next call continues the spread of due times; null without a rate.</param>
internal readonly record struct ReplayResult(
    int Replayed, int Remaining, DateTimeOffset? AsOf = null, DateTimeOffset? NextDueAt = null);
