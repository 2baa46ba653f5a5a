namespace Gateway.Shared.Sqlite;

/// <summary>One unit of work of the writer: runs in a shared transaction and is answered after the commit.</summary>
internal abstract class SqliteWrite
{
    public abstract void Do(SqliteSession session);

    public abstract void Answer();

    public abstract void Fail(Exception fault);
}

internal sealed class SqliteWrite<T>(Func<SqliteSession, T> work) : SqliteWrite
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _fault;

    public Task<T> Task => _answer.Task;

    public override void Do(SqliteSession session) => _result = work(session);

    public override void Answer()
    {
        if (_fault is null) _answer.SetResult(_result!);
        else _answer.SetException(_fault);
    }

    /// <summary>Keeps the exception; the waiter gets it after the end of the transaction.</summary>
    public override void Fail(Exception fault) => _fault = fault;
}
