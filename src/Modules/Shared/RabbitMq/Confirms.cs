namespace Gateway.Shared.RabbitMq;

/// <summary>What the broker has said about each message of one group; the first word about a message counts.</summary>
/// <param name="first">The number of the first message on its channel, which counts from 1.</param>
/// <param name="messages">In the order in which they are sent.</param>
internal sealed class Confirms(ulong first, IReadOnlyList<RabbitMqMessage> messages)
{
    private readonly Lock _gate = new();
    private readonly string?[] _faults = new string?[messages.Count];
    private readonly bool[] _isSettled = new bool[messages.Count];
    private readonly TaskCompletionSource _allSettled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = messages.Count;

    public static readonly Confirms None = new(1, []);

    public Task AllSettled => _allSettled.Task;

    /// <summary>Once all are settled.</summary>
    public IReadOnlyList<string?> Faults => _faults;

    public Confirms Next(IReadOnlyList<RabbitMqMessage> next) => new(first + (ulong)messages.Count, next);

    public Task Settle(ulong number, bool multiple, string? fault)
    {
        if (number < first || number - first >= (ulong)messages.Count) return Task.CompletedTask;
        lock (_gate)
        {
            var last = (int)(number - first);
            for (var i = multiple ? 0 : last; i <= last; i++) SettleOne(i, fault);
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// It comes before its confirm and names no number, so the message is known by its bytes. Equal messages are all
    /// taken for returned: who is told so without need asks again.
    /// </summary>
    public Task Return(ReadOnlySpan<byte> body, string fault)
    {
        lock (_gate)
        {
            for (var i = 0; i < messages.Count; i++)
                if (messages[i].Body.Span.SequenceEqual(body)) SettleOne(i, fault);
        }

        return Task.CompletedTask;
    }

    public Task Fail(string fault)
    {
        lock (_gate)
        {
            for (var i = 0; i < messages.Count; i++) SettleOne(i, fault);
        }

        return Task.CompletedTask;
    }

    private void SettleOne(int i, string? fault)
    {
        if (_isSettled[i]) return;
        (_isSettled[i], _faults[i]) = (true, fault);
        if (--_open == 0) _allSettled.TrySetResult();
    }
}
