namespace Gateway.Shared.RabbitMq;

/// <summary>The broker's confirms for the messages of one group; the first confirm of a message counts.</summary>
/// <param name="first">The number of the first message on its channel, which counts from 1.</param>
/// <param name="messages">The messages in the order of sending.</param>
internal sealed class Confirms(ulong first, IReadOnlyList<RabbitMqMessage> messages)
{
    private readonly Lock _gate = new();
    private readonly string?[] _faults = new string?[messages.Count];
    private readonly bool[] _isSettled = new bool[messages.Count];
    private readonly TaskCompletionSource _allSettled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = messages.Count;

    public static readonly Confirms None = new(1, []);

    public Task AllSettled => _allSettled.Task;

    /// <summary>Complete once all messages are settled.</summary>
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
    /// A return comes before its confirm and has no number, so the message is found by its bytes. Equal messages all count as
    /// returned, which only causes an unnecessary retry.
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
