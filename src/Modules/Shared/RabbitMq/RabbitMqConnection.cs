using Gateway.Shared.Errors;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>
/// The owner of one connection: opened by the first who needs it, and again after it was lost. Two per process: an alarm
/// blocks whoever publishes, and that must not be whoever acknowledges. The driver's own recovery is off: it waits, and
/// revives channels, where the door has to answer at once.
/// </summary>
public sealed class RabbitMqConnection(string name, RabbitMqOptions options, TimeProvider time, ILogger<RabbitMqConnection> log)
    : IAsyncDisposable
{
    public const string Publish = "gateway publish";
    public const string Consume = "gateway consume";

    private static readonly TimeSpan FailFast = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();

    // On its way, open, or failed; one that has failed is everybody's answer for as long as it is fresh.
    private Task<IConnection>? _opening;
    private long _failedAt;
    private bool _isOutageLogged;
    private bool _isClosed;
    private volatile IConnection? _open;
    private volatile string? _blocked;

    /// <summary>Why the broker takes nothing from us at present, in its own words.</summary>
    public string? Blocked => _blocked;

    /// <summary>An open connection; else <see cref="BackendUnavailableException"/>, within seconds.</summary>
    public Task<IConnection> OpenAsync()
    {
        lock (_gate)
        {
            if (_isClosed) return Task.FromException<IConnection>(RabbitMqFault.Of("the connection is closed"));
            if (_opening is { } last && IsStillTheAnswer(last)) return last;
            if (_opening is { IsCompletedSuccessfully: true } lost) RabbitMqConnector.Discard(lost.Result);
            return _opening = Task.Run(ConnectAsync);
        }
    }

    /// <summary>It does not answer: the next who needs one gets another.</summary>
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

    private bool IsStillTheAnswer(Task<IConnection> last) => last switch
    {
        { IsCompletedSuccessfully: true } => last.Result.IsOpen,
        { IsCompleted: true } => time.GetElapsedTime(_failedAt) < FailFast,
        _ => true,
    };

    private async Task<IConnection> ConnectAsync()
    {
        try
        {
            var connection = await RabbitMqConnector.OpenAsync(name, options, time);
            Watch(connection);
            _isOutageLogged = false;
            RabbitMqLog.Connected(log, name, connection.Endpoint.HostName, connection.Endpoint.Port);
            return connection;
        }
        catch (Exception fault)
        {
            var told = RabbitMqFault.Of($"no connection to {options.Url.Host}", fault);
            if (!_isOutageLogged) RabbitMqLog.NoConnection(log, name, told.Message);
            _isOutageLogged = true;
            _failedAt = time.GetTimestamp();
            throw told;
        }
    }

    private void Watch(IConnection connection)
    {
        _open = connection;
        _blocked = null;
        connection.ConnectionBlockedAsync += (_, alarm) => Told(connection, alarm.Reason);
        connection.ConnectionUnblockedAsync += (_, _) => Told(connection, null);
        connection.ConnectionShutdownAsync += (_, end) => RabbitMqLog.Ended(log, name, end);
    }

    private Task Told(IConnection connection, string? blocked)
    {
        if (connection != _open) return Task.CompletedTask;
        _blocked = blocked;
        RabbitMqLog.Flow(log, name, blocked);
        return Task.CompletedTask;
    }
}
