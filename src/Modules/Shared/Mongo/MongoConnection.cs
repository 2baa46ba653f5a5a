using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.Shared.Mongo;

/// <summary>
/// Owns the client and connects on first use. Every use waits until the indexes exist and the time of the store is known, has a
/// time limit, and throws <see cref="Errors.BackendUnavailableException"/> for faults of the store.
/// </summary>
public sealed class MongoConnection : IDisposable
{
    // One second longer than the driver's timeouts, so that their errors, which name the cause, are reported first.
    private static readonly TimeSpan Limit = MongoAddress.Timeout + TimeSpan.FromSeconds(1);

    private readonly MongoOptions _options;
    private readonly MongoSchema _schema;
    private readonly Lazy<MongoClient> _client;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _measuring = new(1);
    private readonly Lock _preparing = new();
    private readonly MissingStore? _missing;
    private Task? _prepared;

    public MongoConnection(
        IOptions<MongoOptions> options, MongoSchema schema, TimeProvider time, MissingStore? missing = null)
    {
        _missing = missing;
        (_options, _schema) = (options.Value, schema);
        _client = new(() => new MongoClient(MongoAddress.SettingsOf(_options.Uri)));
        Clock = new MongoClock(time);
    }

    public MongoClock Clock { get; }

    /// <summary>Runs <paramref name="work"/> as one operation of at most six seconds.</summary>
    public async Task<T> UseAsync<T>(
        Func<IMongoDatabase, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default)
    {
        if (_missing is not null) throw MongoFault.Because(_missing.Advice);
        var isClosed = _closing.IsCancellationRequested;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            ObjectDisposedException.ThrowIf(isClosed, this);
            await PreparedAsync(limit.Token, cancellationToken);
            await TimedAsync(limit.Token);
            return await work(Database(_client.Value), limit.Token);
        }
        catch (Exception fault) when (MongoFault.IsOne(fault) && !cancellationToken.IsCancellationRequested)
        {
            // After an outage the database may be a restored or empty one, so the indexes are checked again.
            if (MongoFault.MayBeReplaced(fault)) ResetPrepared();
            throw MongoFault.From(fault, Limit);
        }
    }

    public void Dispose()
    {
        if (_closing.IsCancellationRequested) return;
        _closing.Cancel();
        if (_client.IsValueCreated) _client.Value.Dispose();
    }

    private IMongoDatabase Database(MongoClient client) => client.GetDatabase(MongoAddress.DatabaseOf(_options.Uri));

    private async Task PreparedAsync(CancellationToken limit, CancellationToken caller)
    {
        Task prepared;
        lock (_preparing)
        {
            if (_prepared is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                _prepared = Task.Run(PrepareAsync, CancellationToken.None);
            prepared = _prepared;
        }

        if (prepared.IsCompletedSuccessfully) return;
        try
        {
            await prepared.WaitAsync(limit);
        }
        catch (OperationCanceledException late) when (!prepared.IsCompleted && !caller.IsCancellationRequested)
        {
            throw MongoFault.Because("the indexes are still being built; a large collection takes long", late);
        }
    }

    private void ResetPrepared()
    {
        lock (_preparing)
        {
            if (_prepared is { IsCompletedSuccessfully: true }) _prepared = null;
        }
    }

    /// <summary>
    /// Uses a separate client without a socket timeout: building an index may take minutes, and closing its connection aborts it.
    /// </summary>
    private async Task PrepareAsync()
    {
        var settings = MongoAddress.SettingsOf(_options.Uri);
        settings.SocketTimeout = Timeout.InfiniteTimeSpan;
        using var client = new MongoClient(settings);
        await _schema.EnsureAsync(Database(client), _options, _closing.Token);
    }

    private async Task TimedAsync(CancellationToken limit)
    {
        if (Clock.IsFresh) return;
        await _measuring.WaitAsync(limit);
        try
        {
            if (Clock.IsFresh) return;
            await Clock.MeasureAsync(async () =>
            {
                var hello = await _client.Value.GetDatabase("admin").RunCommandAsync<BsonDocument>(
                    new BsonDocument("hello", 1), ReadPreference.Primary, limit);
                return hello["localTime"].ToUniversalTime();
            });
        }
        finally
        {
            _measuring.Release();
        }
    }
}

/// <summary>This process has no store: every use fails at once with the advice instead of waiting for a server.</summary>
public sealed record MissingStore(string Advice);

/// <summary>
/// Prepares the database for a module before first use. It runs in every process, also concurrently, so it must be idempotent.
/// </summary>
public sealed record MongoSchema(Func<IMongoDatabase, MongoOptions, CancellationToken, Task> EnsureAsync);
