using System.Threading.Channels;
using Gateway.Shared.Errors;

namespace Gateway.Shared.Hosting;

/// <summary>
/// Commits many items in one durable step. A committer takes all waiting items without a timer: a group is what arrived during
/// the previous commits, so an idle process adds no latency and a busy one forms large groups. Memory is bounded: items are
/// rejected beyond a count or a number of bytes.
/// </summary>
public sealed class GroupCommit<TItem, TResult> : IAsyncDisposable
{
    public delegate Task<IReadOnlyList<TResult>> CommitGroup(IReadOnlyList<TItem> group);

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    private readonly Channel<Waiter> _waiting;
    private readonly CommitGroup _commit;
    private readonly Func<TItem, int> _sizeOf;
    private readonly GroupCommitOptions _options;
    private readonly TimeProvider _time;
    private readonly Task[] _committers;
    private long _bytes;
    private int _hanging;

    public GroupCommit(CommitGroup commit, Func<TItem, int> sizeOf, GroupCommitOptions options, TimeProvider time)
    {
        (_commit, _sizeOf, _options, _time) = (commit, sizeOf, options, time);
        _waiting = Channel.CreateBounded<Waiter>(options.MaxWaiting);
        // The execution context does not flow, or all groups would belong to the trace of the caller.
        using var noFlow = ExecutionContext.SuppressFlow();
        _committers = [.. Enumerable.Range(0, options.Committers).Select(_ => Task.Run(CommitLoopAsync))];
    }

    /// <summary>The pending result, or null when the queue is full or closed.</summary>
    public Task<TResult>? TryCommit(TItem item)
    {
        var waiter = new Waiter(item, _sizeOf(item), _time.GetTimestamp());
        return TryWrite(waiter, waiter.Size) ? waiter.Task : null;
    }

    /// <summary>The pending results in order, or null: all items enter the queue, in one group, or none.</summary>
    public Task<TResult[]>? TryCommit(IReadOnlyList<TItem> items)
    {
        var now = _time.GetTimestamp();
        var waiters = new Waiter[items.Count];
        for (var i = items.Count - 1; i >= 0; i--)
            waiters[i] = new Waiter(items[i], _sizeOf(items[i]), now) { Next = i + 1 < items.Count ? waiters[i + 1] : null };
        var size = waiters.Sum(waiter => (long)waiter.Size);
        return TryWrite(waiters[0], size) ? Task.WhenAll(waiters.Select(waiter => waiter.Task)) : null;
    }

    /// <summary>Waits for space in the queue, then for the result. Its callers bound the bytes themselves.</summary>
    public async Task<TResult> CommitAsync(TItem item, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(item, _sizeOf(item), _time.GetTimestamp());
        Interlocked.Add(ref _bytes, waiter.Size);
        try
        {
            await _waiting.Writer.WriteAsync(waiter, cancellationToken);
        }
        catch
        {
            Interlocked.Add(ref _bytes, -waiter.Size);
            throw;
        }

        return await waiter.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Rejects new items and answers the waiting ones; a commit that hangs delays this by 2 s at most.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_committers).WaitAsync(StopGrace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private bool TryWrite(Waiter first, long size)
    {
        if (Interlocked.Add(ref _bytes, size) <= _options.MaxWaitingBytes && _waiting.Writer.TryWrite(first)) return true;
        Interlocked.Add(ref _bytes, -size);
        return false;
    }

    private async Task CommitLoopAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var group = TakeWaiting();
            if (group.Count == 0) continue;
            ReportSize(group.Count);
            await CommitAndAnswerAsync(group);
        }
    }

    /// <summary>Ignores exceptions of the callback, which would lose the group and end the committer.</summary>
    private void ReportSize(int size)
    {
        try
        {
            _options.OnGroup?.Invoke(size);
        }
        catch (Exception)
        {
            // The size only feeds a metric.
        }
    }

    private List<Waiter> TakeWaiting()
    {
        var group = new List<Waiter>();
        while (group.Count < _options.MaxGroup && _waiting.Reader.TryRead(out var first))
            for (var waiter = first; waiter is not null; waiter = waiter.Next) group.Add(waiter);
        return group;
    }

    private async Task CommitAndAnswerAsync(List<Waiter> group)
    {
        var left = TimeLeftFor(group);
        var commit = BeginAsync(group, left);
        try
        {
            var results = await commit.WaitAsync(left, _time);
            if (results.Count != group.Count)
                throw new InvalidOperationException($"{group.Count} items were committed, {results.Count} were answered.");
            for (var i = 0; i < group.Count; i++) group[i].SetResult(results[i]);
        }
        catch (Exception fault) when (group.Count > 1 && fault is not (BackendUnavailableException or TimeoutException))
        {
            // One item has caused the fault. When they are committed one by one, only that item fails.
            foreach (var waiter in group)
            {
                Interlocked.Add(ref _bytes, waiter.Size);
                await CommitAndAnswerAsync([waiter]);
            }
        }
        catch (Exception fault)
        {
            foreach (var waiter in group) waiter.SetException(fault);
        }

        if (!commit.IsCompleted) _ = CountUntilEndedAsync(commit);
    }

    /// <summary>
    /// Begins no commit while as many hang as there are committers. A hanging commit occupies memory, and after a recovery the
    /// backend would commit items whose callers no longer wait.
    /// </summary>
    private async Task<IReadOnlyList<TResult>> BeginAsync(List<Waiter> group, TimeSpan left)
    {
        try
        {
            if (left == TimeSpan.Zero) throw new TimeoutException("The deadline passed before the commit could begin.");
            if (Volatile.Read(ref _hanging) >= _options.Committers) throw new TimeoutException("Earlier commits have not ended.");
            return await _commit([.. group.Select(waiter => waiter.Item)]);
        }
        finally
        {
            Interlocked.Add(ref _bytes, -group.Sum(waiter => (long)waiter.Size));
        }
    }

    private async Task CountUntilEndedAsync(Task commit)
    {
        Interlocked.Increment(ref _hanging);
        await commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _hanging);
    }

    private TimeSpan TimeLeftFor(List<Waiter> group)
    {
        if (_options.Deadline == Timeout.InfiniteTimeSpan) return Timeout.InfiniteTimeSpan;
        var left = _options.Deadline - _time.GetElapsedTime(group[0].Since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // Continuations run on other threads: a committer must not run the requests that it has just answered.
    private sealed class Waiter(TItem item, int size, long since)
        : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TItem Item { get; } = item;

        public int Size { get; } = size;

        public long Since { get; } = since;

        /// <summary>The next item of the same call.</summary>
        public Waiter? Next { get; init; }
    }
}
