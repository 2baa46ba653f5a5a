using System.Threading.Channels;
using Gateway.Shared.Errors;

namespace Gateway.Shared.Hosting;

/// <summary>
/// Many waiters, one durable step. Committers take whatever waits at that moment, without a timer: a group is what
/// arrived while the last commits were in flight, so an idle process adds no latency and a busy one forms groups
/// by itself. Memory stays flat: beyond a count or a number of bytes nothing more is taken in.
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
        // Whoever happens to need it first does not lend it its context: every later group would stand in that one's trace.
        using var noFlow = ExecutionContext.SuppressFlow();
        _committers = [.. Enumerable.Range(0, options.Committers).Select(_ => Task.Run(CommitLoopAsync))];
    }

    /// <summary>The answer to come, or null when the room is full or closed.</summary>
    public Task<TResult>? TryCommit(TItem item)
    {
        var waiter = new Waiter(item, _sizeOf(item), _time.GetTimestamp());
        if (Interlocked.Add(ref _bytes, waiter.Size) <= _options.MaxWaitingBytes && _waiting.Writer.TryWrite(waiter))
            return waiter.Task;
        Interlocked.Add(ref _bytes, -waiter.Size);
        return null;
    }

    /// <summary>Waits for room (by count alone: its callers are bounded themselves), then for the answer.</summary>
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

    /// <summary>Takes nothing more in and answers all that wait; a commit that hangs is not waited for for ever.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_committers).WaitAsync(StopGrace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CommitLoopAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var group = TakeWhatWaits();
            if (group.Count == 0) continue;
            Tell(group.Count);
            await CommitAndAnswerAsync(group);
        }
    }

    /// <summary>Whoever is told of a group neither keeps it unanswered nor ends its committer.</summary>
    private void Tell(int size)
    {
        try
        {
            _options.OnGroup?.Invoke(size);
        }
        catch (Exception)
        {
            // A listener's: it is only counted here.
        }
    }

    private List<Waiter> TakeWhatWaits()
    {
        var group = new List<Waiter>();
        while (group.Count < _options.MaxGroup && _waiting.Reader.TryRead(out var waiter)) group.Add(waiter);
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
            // One of them is to blame. Alone it fails alone.
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
    /// While as many commits hang as there are committers nothing more is begun: what hangs keeps its memory, and an
    /// engine that comes back should not have to work off what has been answered long ago.
    /// </summary>
    private async Task<IReadOnlyList<TResult>> BeginAsync(List<Waiter> group, TimeSpan left)
    {
        try
        {
            if (left == TimeSpan.Zero) throw new TimeoutException("The deadline passed before the commit could begin.");
            if (Volatile.Read(ref _hanging) >= _options.Committers) throw new TimeoutException("Earlier commits still hang.");
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

    // Continuations run elsewhere: a committer must not serve the requests that it has just answered.
    private sealed class Waiter(TItem item, int size, long since)
        : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TItem Item { get; } = item;

        public int Size { get; } = size;

        public long Since { get; } = since;
    }
}
