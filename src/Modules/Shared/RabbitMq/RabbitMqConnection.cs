using Gateway.Shared.Errors;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>
/// The owner of one connection: opened by the first who needs it, and again after it was lost. Two per process, because
/// an alarm of the broker blocks whoever publishes, and that must not be whoever acknowledges. The driver's own recovery
/// is off: it waits, and revives channels, where the door has to answer at once.
/// </summary>
public sealed partial class RabbitMqConnection(string name, RabbitMqOptions options, TimeProvider time, ILogger<RabbitMqConnection> log)
    : IAsyncDisposable
{
    public const string Publish = "gateway publish";
    public const string Consume = "gateway consume";

    private static readonly TimeSpan StepPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FailFast = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();

    // On its way, open, or failed; one that has failed is everybody's answer for as long as it is fresh.
    private Task<IConnection>? _opening;
    private long _failedAt;
    private bool _isOutageTold;
    private bool _isClosed;
    private volatile IConnection? _open;
    private volatile string? _blocked;

    /// <summary>Why the broker takes nothing from us at present, in its own words.</summary>
    public string? Blocked => _blocked;

    /// <summary>An open connection; else <see cref="EngineFaultException"/>, within seconds.</summary>
    public Task<IConnection> OpenAsync()
    {
        lock (_gate)
        {
            if (_isClosed) return Task.FromException<IConnection>(RabbitMqFault.Of("the connection is closed"));
            if (_opening is { } last && IsStillTheAnswer(last)) return last;
            if (_opening is { IsCompletedSuccessfully: true } lost) Discard(lost.Result);
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

        LogAbandoned(name);
        Discard(connection);
    }

    public async ValueTask DisposeAsync()
    {
        Task<IConnection>? last;
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            last = _opening;
        }

        if (last is { IsCompletedSuccessfully: true }) await CloseAsync(last.Result);
        else if (last is not null) CloseWhenLate(last);
    }

    private static void CloseWhenLate(Task<IConnection> connecting)
        => connecting.ContinueWith(
            late => CloseAsync(late.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    private static void Discard(IConnection connection) => _ = Task.Run(() => CloseAsync(connection));

    private static async Task CloseAsync(IConnection connection)
    {
        await connection.AbortAsync(CloseGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            var connecting = Factory().CreateConnectionAsync();
            var connection = await InTimeAsync(connecting);
            Watch(connection);
            _isOutageTold = false;
            LogConnected(name, connection.Endpoint.HostName, connection.Endpoint.Port);
            return connection;
        }
        catch (Exception fault)
        {
            var told = RabbitMqFault.Of($"no connection to {options.Url.Host}", fault);
            if (!_isOutageTold) LogNoConnection(name, told.Message);
            _isOutageTold = true;
            _failedAt = time.GetTimestamp();
            throw told;
        }
    }

    // A broker that is stopped, not dead, lets everybody connect and says nothing; the driver then takes 3 s for the
    // handshake and 5 s more to give it up.
    private async Task<IConnection> InTimeAsync(Task<IConnection> connecting)
    {
        try
        {
            return await connecting.WaitAsync(StepPatience, time);
        }
        catch (TimeoutException)
        {
            CloseWhenLate(connecting);
            throw;
        }
    }

    private ConnectionFactory Factory() => new()
    {
        Uri = options.Url,
        ClientProvidedName = name,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedConnectionTimeout = StepPatience,
        HandshakeContinuationTimeout = StepPatience,
        ContinuationTimeout = StepPatience,
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
    };

    private void Watch(IConnection connection)
    {
        _open = connection;
        _blocked = null;
        connection.ConnectionBlockedAsync += (_, alarm) => Told(connection, alarm.Reason);
        connection.ConnectionUnblockedAsync += (_, _) => Told(connection, null);
        connection.ConnectionShutdownAsync += (_, end) =>
        {
            if (end.Initiator != ShutdownInitiator.Application) LogLost(name, end.ReplyText);
            return Task.CompletedTask;
        };
    }

    private Task Told(IConnection connection, string? blocked)
    {
        if (connection != _open) return Task.CompletedTask;
        _blocked = blocked;
        if (blocked is null) LogUnblocked(name);
        else LogBlocked(name, blocked);
        return Task.CompletedTask;
    }

    [LoggerMessage(120, LogLevel.Information, "rabbitmq: {Name} is connected to {Host}:{Port}")]
    private partial void LogConnected(string name, string host, int port);

    [LoggerMessage(121, LogLevel.Error, "{Fault} ({Name}); asked again whenever it is needed, told once")]
    private partial void LogNoConnection(string name, string fault);

    [LoggerMessage(122, LogLevel.Warning, "rabbitmq: {Name} lost its connection: {Reason}")]
    private partial void LogLost(string name, string reason);

    [LoggerMessage(123, LogLevel.Warning, "rabbitmq: the connection of {Name} does not answer and is replaced")]
    private partial void LogAbandoned(string name);

    [LoggerMessage(124, LogLevel.Warning, "rabbitmq: the broker takes nothing from {Name}: {Reason}")]
    private partial void LogBlocked(string name, string reason);

    [LoggerMessage(125, LogLevel.Information, "rabbitmq: the broker takes messages from {Name} again")]
    private partial void LogUnblocked(string name);
}
