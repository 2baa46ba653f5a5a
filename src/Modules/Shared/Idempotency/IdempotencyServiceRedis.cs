using Gateway.Shared.Errors;
using Gateway.Shared.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Gateway.Shared.Idempotency;

/// <summary>
/// One small value per key. A group is looked up by one command and marked by another; where a cluster spreads the keys
/// each has a command of its own, and they travel together.
/// </summary>
internal sealed class IdempotencyServiceRedis(
    RedisConnection connection, IOptions<IdempotencyOptions> options, TimeProvider time, ILogger<IdempotencyServiceRedis> log)
    : IIdempotencyService
{
    /// <summary>Marks on their way at most: what a Redis that hangs can hold of our memory, about 10 MB.</summary>
    public const int MaxMarksUnderway = 20_000;

    private const int KeysPerPage = 1000;

    // SET NX with a TTL exists for one key only, so a script does it for all.
    private const string MarkUnmarked = "for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[i + 1], 'NX', 'EX', ARGV[1]) end";

    public static readonly TimeSpan LookUpDeadline = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FailedDeadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTtl = TimeSpan.FromMinutes(1);

    private readonly string _prefix = options.Value.KeyPrefix;
    private readonly TimeSpan _ttl = TimeSpan.FromSeconds(options.Value.TtlSeconds);
    private readonly DeduplicationCircuit _outage = new(time, log);
    private int _marksUnderway;

    public async Task<IReadOnlyList<CacheEntry?>> FindCachedAsync(IReadOnlyList<string> keys)
    {
        if (keys.Count == 0 || !connection.HasTried || _outage.IsPausing) return new CacheEntry?[keys.Count];
        var begun = time.GetTimestamp();
        try
        {
            var found = await connection.SendAsync(
                connection.GroupsOf(keys), (redis, some) => redis.StringGetAsync(Array.ConvertAll(some, KeyOf)), LookUpDeadline, time);
            _outage.Worked(DeduplicationWork.LookUp, begun);
            return [.. found.SelectMany(values => values).Select(CacheValue.MarkOf)];
        }
        catch (Exception fault)
        {
            _outage.Failed(DeduplicationWork.LookUp, begun, fault);
            return new CacheEntry?[keys.Count];
        }
    }

    public void AddToCache(IReadOnlyList<(string Key, CacheEntry Mark)> marks)
    {
        if (marks.Count == 0 || !connection.HasTried || _outage.IsPausing) return;
        if (Interlocked.Add(ref _marksUnderway, marks.Count) > MaxMarksUnderway) Interlocked.Add(ref _marksUnderway, -marks.Count);
        else _ = MarkAsync(marks);
    }

    public async Task MarkFailedAsync(IReadOnlyList<string> keys)
    {
        try
        {
            // Whether or not a mark is there: the door's may come later, and finds the key taken.
            await connection.SendAsync(
                keys, (redis, key) => redis.StringSetAsync(KeyOf(key), CacheValue.Failed, _ttl), FailedDeadline, time);
        }
        catch (Exception fault)
        {
            throw FaultOf(fault);
        }
    }

    public async Task<long> ClearAsync(CancellationToken cancellationToken)
    {
        try
        {
            var forgotten = 0L;
            foreach (var master in (await connection.OpenAsync()).GetServers().Where(server => !server.IsReplica))
            {
                var all = master.KeysAsync(pattern: CacheValue.PatternOf(_prefix), pageSize: KeysPerPage);
                await foreach (var keys in all.Chunk(KeysPerPage).WithCancellation(cancellationToken))
                    forgotten += (await connection.SendAsync(keys, (batch, key) => batch.KeyDeleteAsync(key))).Count(wasThere => wasThere);
            }

            return forgotten;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw FaultOf(fault);
        }
    }

    public async Task ProbeAsync()
    {
        try
        {
            // A write: one that is full or read-only still answers questions. Not below our prefix, or it would be forgotten and counted.
            await connection.SendAsync(
                [$"{_prefix.TrimEnd(':')}-probe"], (redis, key) => redis.StringSetAsync(key, "", ProbeTtl), ProbeDeadline, time);
        }
        catch (Exception fault)
        {
            throw FaultOf(fault);
        }
    }

    private async Task MarkAsync(IReadOnlyList<(string Key, CacheEntry Mark)> marks)
    {
        var begun = time.GetTimestamp();
        try
        {
            await connection.SendAsync(
                connection.GroupsOf(marks),
                (redis, some) => redis.ScriptEvaluateAsync(
                    MarkUnmarked,
                    Array.ConvertAll(some, seen => KeyOf(seen.Key)),
                    [(long)_ttl.TotalSeconds, .. some.Select(seen => CacheValue.Of(seen.Mark))],
                    // The whole script each time (110 bytes): one that is named by its hash, and unknown after SCRIPT FLUSH, is sent
                    // again by the driver into a batch that has left already, and never ends.
                    CommandFlags.NoScriptCache));
            _outage.Worked(DeduplicationWork.Mark, begun);
        }
        catch (Exception fault)
        {
            _outage.Failed(DeduplicationWork.Mark, begun, fault);
        }
        finally
        {
            Interlocked.Add(ref _marksUnderway, -marks.Count);
        }
    }

    private RedisKey KeyOf(string key) => _prefix + key;

    private static BackendUnavailableException FaultOf(Exception fault) => new("redis", fault.Message, fault);
}
