using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.Shared.Mongo;

/// <summary>
/// The one owner of the client. Nothing happens before the first use; every use waits until the indexes are there and
/// the store's time is known, is bounded, and tells its faults in our words.
/// </summary>
public sealed class MongoConnection : IDisposable
{
    // A second more than any single step may take: so it is the step that tells its reason.
    private static readonly TimeSpan Longest = MongoAddress.Timeout + TimeSpan.FromSeconds(1);

    private readonly MongoOptions _options;
    private readonly MongoSchema _schema;
    private readonly Lazy<MongoClient> _client;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _measuring = new(1);
    private readonly Lock _preparing = new();
    private Task? _prepared;

    public MongoConnection(IOptions<MongoOptions> options, MongoSchema schema, TimeProvider time)
    {
        (_options, _schema) = (options.Value, schema);
        _client = new(() => new MongoClient(MongoAddress.SettingsOf(_options.Uri)));
        Clock = new MongoClock(time);
    }

    public MongoClock Clock { get; }

    /// <summary>What runs in <paramref name="work"/> is one operation: all of it has about five seconds.</summary>
    public async Task<T> UseAsync<T>(Func<IMongoDatabase, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default)
    {
        var isClosed = _closing.IsCancellationRequested;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            ObjectDisposedException.ThrowIf(isClosed, this);
            await PreparedAsync(limit.Token, cancellationToken);
            await TimedAsync(limit.Token);
            return await work(Database(_client.Value), limit.Token);
        }
        catch (Exception fault) when (MongoFault.IsOne(fault) && !cancellationToken.IsCancellationRequested)
        {
            // A store that was away may come back as another one, restored or empty: its indexes are looked at again.
            if (MongoFault.MayBeAnother(fault)) ForgetPrepared();
            throw MongoFault.From(fault, Longest);
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
            if (_prepared is null or { IsCompleted: true, IsCompletedSuccessfully: false }) _prepared = Task.Run(PrepareAsync, CancellationToken.None);
            prepared = _prepared;
        }

        if (prepared.IsCompletedSuccessfully) return;
        try
        {
            await prepared.WaitAsync(limit);
        }
        catch (OperationCanceledException late) when (!prepared.IsCompleted && !caller.IsCancellationRequested)
        {
            throw MongoFault.Because("still at the indexes; a large collection takes its time", late);
        }
    }

    private void ForgetPrepared()
    {
        lock (_preparing)
        {
            if (_prepared is { IsCompletedSuccessfully: true }) _prepared = null;
        }
    }

    /// <summary>By a client of its own: building an index may take minutes, and a broken connection would abort it.</summary>
    private async Task PrepareAsync()
    {
        var patient = MongoAddress.SettingsOf(_options.Uri);
        patient.SocketTimeout = Timeout.InfiniteTimeSpan;
        using var client = new MongoClient(patient);
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
