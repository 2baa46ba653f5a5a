using System.Threading.Tasks.Sources;

namespace Gateway.LoadTest.Pacing;

/// <summary>
/// A connection's place in the queue for a turn, used again for every request. It goes on on the thread that gives the
/// turn: a hop to the thread pool would cost more than the request.
/// </summary>
internal sealed class Waiter : IValueTaskSource<Turn>
{
    private ManualResetValueTaskSourceCore<Turn> _source;

    public ValueTask<Turn> WaitAsync()
    {
        _source.Reset();
        return new ValueTask<Turn>(this, _source.Version);
    }

    public void Give(Turn turn) => _source.SetResult(turn);

    Turn IValueTaskSource<Turn>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Turn>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<Turn>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _source.OnCompleted(continuation, state, token, flags);
}
