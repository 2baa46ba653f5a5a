using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>
/// What has to be there is declared once per connection, and again after it was forgotten. All who come meanwhile wait
/// for the same one: whoever declares a quorum queue that another is just declaring gets his answer before it runs, and
/// his first messages are nacked (seen on 3.10).
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

    public void Forget()
    {
        lock (_gate) _on = null;
    }

    private async Task<IConnection> DeclareAsync(IConnection link)
    {
        await declare(link);
        return link;
    }
}
