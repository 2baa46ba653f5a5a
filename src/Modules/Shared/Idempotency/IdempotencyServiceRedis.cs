using Gateway.Shared.Errors;
using Gateway.Shared.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Gateway.Shared.Idempotency;

/// <summary>
/// One small value per key. One command looks up a group and one command adds it; on a cluster each key has its own command,
/// and all of them are sent in one batch.
/// </summary>
internal sealed class IdempotencyServiceRedis(
    RedisConnection connection, IOptions<IdempotencyOptions> options, TimeProvider time, ILogger<IdempotencyServiceRedis> log)
    : IIdempotencyService
{
    /// <summary>Entries in flight at most; while Redis hangs they take about 10 MB.</summary>
    public const int MaxEntriesInFlight = 20_000;

    private const int KeysPerPage = 1000;

    // SET NX with a TTL exists for one key only, so a script does it for all.
    private const string AddMissing = "for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[i + 1], 'NX', 'EX', ARGV[1]) end";

    public static readonly TimeSpan LookUpDeadline = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FailedDeadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTtl = TimeSpan.FromMinutes(1);

    private readonly string _prefix = options.Value.KeyPrefix;
    private readonly TimeSpan _ttl = TimeSpan.FromSeconds(options.Value.TtlSeconds);
    private readonly DeduplicationCircuit _circuit = new(time, log);
    private int _entriesInFlight;

    public async Task<IReadOnlyList<CacheEntry?>> FindCachedAsync(IReadOnlyList<string> keys)
    {
        if (keys.Count == 0 || !connection.HasTried || _circuit.IsPaused) return new CacheEntry?[keys.Count];
        var begun = time.GetTimestamp();
        try
        {
            var found = await connection.SendAsync(
                connection.GroupsOf(keys), (redis, some) => redis.StringGetAsync(Array.ConvertAll(some, KeyOf)),
                LookUpDeadline, time);
            _circuit.Succeeded(DeduplicationOperation.LookUp, begun);
            return [.. found.SelectMany(values => values).Select(CacheValue.EntryOf)];
        }
        catch (Exception fault)
        {
            _circuit.Failed(DeduplicationOperation.LookUp, begun, fault);
            return new CacheEntry?[keys.Count];
        }
    }

    public void AddToCache(IReadOnlyList<(string Key, CacheEntry Entry)> entries)
    {
        if (entries.Count == 0 || !connection.HasTried || _circuit.IsPaused) return;
        if (Interlocked.Add(ref _entriesInFlight, entries.Count) > MaxEntriesInFlight)
            Interlocked.Add(ref _entriesInFlight, -entries.Count);
        else _ = AddAsync(entries);
    }

    public async Task MarkFailedAsync(IReadOnlyList<string> keys)
    {
        try
        {
            // Written even if the key has no entry: the entry that ingest may add later does not replace it.
            await connection.SendAsync(
                keys, (redis, key) => redis.StringSetAsync(KeyOf(key), CacheValue.Failed, _ttl), FailedDeadline, time);
        }
        catch (Exception fault)
        {
            throw RedisFault.Of(fault);
        }
    }

    public async Task<long> ClearAsync(CancellationToken cancellationToken)
    {
        try
        {
            var cleared = 0L;
            foreach (var master in (await connection.OpenAsync()).GetServers().Where(server => !server.IsReplica))
            {
                var all = master.KeysAsync(pattern: CacheValue.PatternOf(_prefix), pageSize: KeysPerPage);
                await foreach (var keys in all.Chunk(KeysPerPage).WithCancellation(cancellationToken))
                {
                    var deleted = await connection.SendAsync(keys, (batch, key) => batch.KeyDeleteAsync(key));
                    cleared += deleted.Count(isDeleted => isDeleted);
                }
            }

            return cleared;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw RedisFault.Of(fault);
        }
    }

    public async Task ProbeAsync()
    {
        long begun;
        try
        {
            // The time of the first connection is not that of a call.
            await RedisConnection.WithinAsync(connection.OpenAsync(), ProbeDeadline, time);
            begun = time.GetTimestamp();
            // Writes, because a full or read-only Redis still answers reads. The key has another prefix, so it is not cleared.
            await connection.SendAsync(
                [$"{_prefix.TrimEnd(':')}-probe"], (redis, key) => redis.StringSetAsync(key, "", ProbeTtl), ProbeDeadline, time);
        }
        catch (Exception fault)
        {
            throw RedisFault.Of(fault is RedisConnectionException ? await connection.PasswordFaultAsync(time) ?? fault : fault);
        }

        _circuit.Answered(begun, LookUpDeadline);
        if (_circuit.Outage is { } outage) throw new BackendUnavailableException("redis", outage);
    }

    private async Task AddAsync(IReadOnlyList<(string Key, CacheEntry Entry)> entries)
    {
        var begun = time.GetTimestamp();
        try
        {
            await connection.SendAsync(
                connection.GroupsOf(entries),
                (redis, some) => redis.ScriptEvaluateAsync(
                    AddMissing,
                    Array.ConvertAll(some, entry => KeyOf(entry.Key)),
                    [(long)_ttl.TotalSeconds, .. some.Select(entry => CacheValue.Of(entry.Entry))],
                    // Sends the whole script each time (110 bytes). After SCRIPT FLUSH Redis does not know its hash; the driver
                    // would then add the script to a batch that was already sent, and the task would never end.
                    CommandFlags.NoScriptCache));
            _circuit.Succeeded(DeduplicationOperation.Add, begun);
        }
        catch (Exception fault)
        {
            _circuit.Failed(DeduplicationOperation.Add, begun, fault);
        }
        finally
        {
            Interlocked.Add(ref _entriesInFlight, -entries.Count);
        }
    }

    private RedisKey KeyOf(string key) => _prefix + key;
}
