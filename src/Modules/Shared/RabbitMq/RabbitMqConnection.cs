using Gateway.Shared.Errors;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>
/// Owns one connection: opens it on first use and again after it was lost. A process has two, because a broker alarm blocks the
/// connections that publish, and acknowledging must go on. The driver's recovery is off: it waits and restores channels, while
/// ingest must answer at once.
/// </summary>
public sealed class RabbitMqConnection(string name, RabbitMqOptions options, TimeProvider time, ILogger<RabbitMqConnection> log)
    : IAsyncDisposable
{
    public const string Publish = "gateway publish";
    public const string Consume = "gateway consume";

    private static readonly TimeSpan FailFast = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    // Opening, open or failed; a failure is the result for all callers during FailFast.
    private Task<IConnection>? _opening;
    private long _failedAt;
    private bool _isOutageLogged;
    private bool _isClosed;
    private volatile IConnection? _open;
    private volatile string? _blocked;

    /// <summary>The broker's reason for blocking this connection; null while it is not blocked.</summary>
    public string? Blocked => _blocked;

    /// <summary>Host and port of the connected node; null while not connected.</summary>
    public string? Node => _open is { IsOpen: true } open ? RabbitMqNodes.NameOf(open.Endpoint) : null;

    /// <summary>An open connection; else <see cref="BackendUnavailableException"/>, within seconds.</summary>
    public Task<IConnection> OpenAsync()
    {
        lock (_gate)
        {
            if (_isClosed) return Task.FromException<IConnection>(RabbitMqFault.Of("the connection is closed"));
            if (_opening is { } last && IsCurrent(last)) return last;
            if (_opening is { IsCompletedSuccessfully: true } lost) RabbitMqConnector.Discard(lost.Result);
            return _opening = Task.Run(ConnectAsync);
        }
    }

    /// <summary>Drops a connection that does not answer; the next caller opens another.</summary>
    public void Abandon(IConnection connection)
    {
        lock (_gate)
        {
            if (_opening is not { IsCompletedSuccessfully: true } current || current.Result != connection) return;
            _opening = null;
        }

        RabbitMqLog.Abandoned(log, name);
        RabbitMqConnector.Discard(connection);
    }

    public async ValueTask DisposeAsync()
    {
        Task<IConnection>? last;
        lock (_gate) (_isClosed, last, _opening) = (true, _opening, null);
        if (last is { IsCompletedSuccessfully: true }) await RabbitMqConnector.CloseAsync(last.Result);
        else if (last is not null) RabbitMqConnector.CloseWhenOpen(last);
    }

    private bool IsCurrent(Task<IConnection> last) => last switch
    {
        { IsCompletedSuccessfully: true } => last.Result.IsOpen,
        { IsCompleted: true } => time.GetElapsedTime(_failedAt) < FailFast,
        _ => true,
    };

    private async Task<IConnection> ConnectAsync()
    {
        try
        {
            var connection = await RabbitMqConnector.OpenAsync(name, options, _open?.Endpoint, time);
            Observe(connection);
            RabbitMqLog.Connected(log, name, connection.Endpoint.HostName, connection.Endpoint.Port);
            return connection;
        }
        catch (Exception fault)
        {
            var nodes = string.Join(", ", options.Nodes.Select(node => node.Authority));
            var unavailable = RabbitMqFault.Of($"no connection to {nodes}", fault);
            if (!_isOutageLogged) RabbitMqLog.NoConnection(log, name, unavailable.Message);
            _isOutageLogged = true;
            _failedAt = time.GetTimestamp();
            throw unavailable;
        }
    }

    private void Observe(IConnection connection)
    {
        (_open, _blocked, _isOutageLogged) = (connection, null, false);
        connection.ConnectionBlockedAsync += (_, alarm) => SetBlocked(connection, alarm.Reason);
        connection.ConnectionUnblockedAsync += (_, _) => SetBlocked(connection, null);
        connection.ConnectionShutdownAsync += (_, end) => RabbitMqLog.Ended(log, name, end);
    }

    private Task SetBlocked(IConnection connection, string? blocked)
    {
        if (connection != _open) return Task.CompletedTask;
        _blocked = blocked;
        RabbitMqLog.Flow(log, name, blocked);
        return Task.CompletedTask;
    }
}
