using System.Threading.Channels;
using Gateway.TestSupport;

namespace Gateway.Shared.Tests;

/// <summary>A durable step that ends when the test says so.</summary>
internal sealed class HeldCommits
{
    private readonly Channel<HeldCommit> _begun = Channel.CreateUnbounded<HeldCommit>();

    public Task<IReadOnlyList<string>> Commit(IReadOnlyList<int> group)
    {
        var held = new HeldCommit(group);
        _begun.Writer.TryWrite(held);
        return held.Task;
    }

    /// <summary>The next group that was handed over to be made durable.</summary>
    public Task<HeldCommit> Next() => _begun.Reader.ReadAsync().AsTask().WaitAsync(SteppedTime.Patience);

    public bool NoneBegun => _begun.Reader.Count == 0;
}

internal sealed class HeldCommit(IReadOnlyList<int> group)
    : TaskCompletionSource<IReadOnlyList<string>>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public IReadOnlyList<int> Group { get; } = group;

    public void Succeed() => SetResult([.. Group.Select(item => $"{item} is safe")]);
}
