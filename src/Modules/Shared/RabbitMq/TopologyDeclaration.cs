using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>
/// Declares the queues once per connection, and again after <see cref="Reset"/>: a binding is a transaction of all nodes, so a
/// node that hangs blocks it. Concurrent callers wait for the same declaration: a second declaration of a quorum queue returns
/// before the queue runs, and its first messages are nacked (observed with RabbitMQ 3.10).
/// </summary>
public sealed class TopologyDeclaration(RabbitMqConnection connection, Func<IChannel, Task> declare)
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
            return _declaring = connection.OrAbandonAsync(link, DeclareAsync(link));
        }
    }

    /// <summary>To be called when a queue or its binding may be missing: after a returned message or a 404.</summary>
    public void Reset()
    {
        lock (_gate) _on = null;
    }

    private async Task<IConnection> DeclareAsync(IConnection link)
    {
        var channel = await link.CreateChannelAsync();
        try
        {
            await declare(channel);
        }
        finally
        {
            RabbitMqConnector.Discard(channel);
        }

        return link;
    }
}
