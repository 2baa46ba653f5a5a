using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>
/// Declares the queues once per connection, and again after <see cref="Reset"/>. Concurrent callers wait for the same
/// declaration: a second declaration of a quorum queue returns before the queue runs, and its first messages are nacked
/// (observed with RabbitMQ 3.10).
/// </summary>
internal sealed class TopologyDeclaration(Func<IConnection, Task> declare)
{
    private readonly Lock _gate = new();
    private IConnection? _on;
    private Task<IConnection>? _declaring;

    public Task<IConnection> OnAsync(IConnection link)
    {
        lock (_gate)
        {
            if (_on == link && _declaring is { IsFaulted: false, IsCanceled: false }) return _declaring;
            _on = link;
            return _declaring = DeclareAsync(link);
        }
    }

    public void Reset()
    {
        lock (_gate) _on = null;
    }

    private async Task<IConnection> DeclareAsync(IConnection link)
    {
        await declare(link);
        return link;
    }
}
