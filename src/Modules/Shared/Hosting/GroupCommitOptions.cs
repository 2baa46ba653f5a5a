namespace Gateway.Shared.Hosting;

public sealed record GroupCommitOptions
{
    /// <summary>Groups in flight at once. With more than one, a group forms while another is committed.</summary>
    public int Committers { get; init; } = 4;

    public int MaxGroup { get; init; } = 512;

    /// <summary>Items that may wait; beyond it <c>TryCommit</c> returns null.</summary>
    public int MaxWaiting { get; init; } = 20_000;

    public long MaxWaitingBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// Longest time from an item's arrival to its result; then its waiter gets a <see cref="TimeoutException"/>. Infinite where
    /// no client waits.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Called with the size of each group.</summary>
    public Action<int>? OnGroup { get; init; }
}
