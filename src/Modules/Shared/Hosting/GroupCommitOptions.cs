namespace Gateway.Shared.Hosting;

public sealed record GroupCommitOptions
{
    /// <summary>Groups in flight at once. More than one, so that a group forms while another is being made durable.</summary>
    public int Committers { get; init; } = 4;

    public int MaxGroup { get; init; } = 512;

    /// <summary>Items that may wait; beyond that <see cref="GroupCommit{TItem,TResult}.TryCommit"/> says no at once.</summary>
    public int MaxWaiting { get; init; } = 20_000;

    public long MaxWaitingBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// Longest time from an item's arrival to its answer; beyond it the waiter gets a <see cref="TimeoutException"/>.
    /// Infinite where the waiters have nothing better to do than to wait.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told the size of each group that is taken.</summary>
    public Action<int>? OnGroup { get; init; }
}
