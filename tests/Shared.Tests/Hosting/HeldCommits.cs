using System.Collections.Concurrent;
using System.Threading.Channels;
using Gateway.Shared.Hosting;
using Gateway.TestSupport;

namespace Gateway.Shared.Tests.Hosting;

/// <summary>A commit that ends when the test releases it, and at the latest with the test.</summary>
internal sealed class HeldCommits
{
    private readonly Channel<HeldCommit> _begun = Channel.CreateUnbounded<HeldCommit>();
    private readonly ConcurrentBag<HeldCommit> _all = [];
    private volatile bool _over;

    public bool NoneBegun => _begun.Reader.Count == 0;

    public Task<IReadOnlyList<string>> Commit(IReadOnlyList<int> group)
    {
        var held = new HeldCommit(group);
        _all.Add(held);
        if (_over) held.TrySetCanceled();
        _begun.Writer.TryWrite(held);
        return held.Task;
    }

    /// <summary>The next group that is being committed.</summary>
    public Task<HeldCommit> Next() => _begun.Reader.ReadAsync().AsTask().WaitAsync(SteppedTime.Timeout);

    /// <summary>A failed test must not wait for the commits that it still holds.</summary>
    public async ValueTask EndAsync(GroupCommit<int, string>? groups)
    {
        _over = true;
        foreach (var held in _all) held.TrySetCanceled();
        if (groups is not null) await groups.DisposeAsync();
    }
}

internal sealed class HeldCommit(IReadOnlyList<int> group)
    : TaskCompletionSource<IReadOnlyList<string>>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public IReadOnlyList<int> Group { get; } = group;

    public void Succeed() => SetResult([.. Group.Select(item => $"{item} is safe")]);
}

internal static class Waiting
{
    /// <summary>The task after its end, without a timeout of the test, so that a TimeoutException is its own.</summary>
    public static async Task<T> Ended<T>(this Task<T> task)
    {
        await ((Task)task).WaitAsync(SteppedTime.Timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        task.IsCompleted.ShouldBeTrue("no answer came");
        return await task;
    }
}
