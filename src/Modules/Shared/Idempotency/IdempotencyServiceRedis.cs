using System.Buffers.Binary;
using Gateway.Shared.Errors;
using Gateway.Shared.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Gateway.Shared.Idempotency;

/// <summary>
/// One Redis key per event, with the TTL from its first mark. Commands of one key each, all sent in one go: one round trip
/// per group, and nothing that a cluster refuses because its keys live in different slots.
/// </summary>
public sealed partial class IdempotencyServiceRedis(
    RedisConnection redis, IOptions<IdempotencyOptions> options, TimeProvider time, ILogger<IdempotencyServiceRedis> log) : IIdempotencyService
{
    private const int MarkBytes = 24;

    /// <summary>More marks than that on their way means that Redis does not keep up; the store knows the events anyway.</summary>
    private const int MaxMarksOnTheirWay = 20_000;

    private static readonly TimeSpan LookUpDeadline = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WriteDeadline = TimeSpan.FromSeconds(2);
    private static readonly RedisValue Failed = "failed";

    private readonly IdempotencyOptions _options = options.Value;
    private readonly TimeSpan _ttl = TimeSpan.FromSeconds(options.Value.TtlSeconds);
    private readonly Lock _telling = new();
    private long _awayUntil = long.MinValue;
    private Outage _told;
    private int _marksOnTheirWay;

    private bool IsAway => time.GetTimestamp() < Volatile.Read(ref _awayUntil);

    public async Task<IReadOnlyList<SeenMark?>> FindSeenAsync(IReadOnlyList<string> keys)
    {
        var seen = new SeenMark?[keys.Count];
        if (IsAway || redis.Current is not { } connection) return seen;
        try
        {
            var database = connection.GetDatabase();
            var values = await Task.WhenAll(keys.Select(key => database.StringGetAsync(KeyOf(key)))).WaitAsync(LookUpDeadline, time);
            for (var i = 0; i < values.Length; i++) seen[i] = MarkOf(values[i]);
            CameBack(Outage.OfReads);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            WentAway(Outage.OfReads, fault);
        }

        return seen;
    }

    public void MarkSeen(IReadOnlyList<(string Key, SeenMark Mark)> marks)
    {
        if (IsAway || redis.Current is not { } connection) return;
        if (Interlocked.Add(ref _marksOnTheirWay, marks.Count) > MaxMarksOnTheirWay) Interlocked.Add(ref _marksOnTheirWay, -marks.Count);
        else _ = MarkAsync(connection.GetDatabase(), marks);
    }

    // Not "only if it exists": the door's own mark may still be on its way, and finds this one then.
    public Task MarkFailedAsync(IReadOnlyList<string> keys)
        => WriteAsync(database => Task.WhenAll(keys.Select(key => database.StringSetAsync(KeyOf(key), Failed, _ttl))));

    public async Task<long> ForgetAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await redis.GetAsync().WaitAsync(WriteDeadline, time, cancellationToken);
            var forgotten = 0L;
            foreach (var node in connection.GetServers().Where(server => !server.IsReplica))
            {
                // Page by page: a server with millions of keys stays with its other clients in between.
                await foreach (var page in node.KeysAsync(pattern: PatternOf(_options.KeyPrefix), pageSize: 1000).Chunk(1000).WithCancellation(cancellationToken))
                    forgotten += (await Task.WhenAll(page.Select(key => connection.GetDatabase().KeyDeleteAsync(key)))).Count(gone => gone);
            }

            return forgotten;
        }
        catch (Exception fault) when (IsFault(fault))
        {
            throw new EngineFaultException("redis", fault.Message, fault);
        }
    }

    private static bool IsFault(Exception fault) => fault is RedisException or TimeoutException or ObjectDisposedException;

    private static RedisValue ValueOf(SeenMark mark)
    {
        var bytes = new byte[MarkBytes];
        mark.AcceptId.TryWriteBytes(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), mark.BodyHash);
        return bytes;
    }

    /// <summary>Null for none, for a failed one, and for what somebody else has written there.</summary>
    private static SeenMark? MarkOf(RedisValue value)
        => (byte[]?)value is { Length: MarkBytes } bytes
            ? new SeenMark(new Guid(bytes.AsSpan(0, 16)), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(16)))
            : null;

    private static string PatternOf(string prefix)
        => string.Concat(prefix.Select(one => one is '*' or '?' or '[' or ']' or '\\' ? $"\\{one}" : $"{one}")) + "*";

    private RedisKey KeyOf(string key) => _options.KeyPrefix + key;

    private async Task MarkAsync(IDatabase database, IReadOnlyList<(string Key, SeenMark Mark)> marks)
    {
        try
        {
            await Task.WhenAll(marks.Select(one => database.StringSetAsync(KeyOf(one.Key), ValueOf(one.Mark), _ttl, When.NotExists)));
            CameBack(Outage.OfWrites);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            // Full (OOM) and read-only count as away, too: a filter that cannot learn is none.
            WentAway(Outage.OfWrites, fault);
        }
        finally
        {
            Interlocked.Add(ref _marksOnTheirWay, -marks.Count);
        }
    }

    private async Task WriteAsync(Func<IDatabase, Task> write)
    {
        try
        {
            var connection = await redis.GetAsync().WaitAsync(WriteDeadline, time);
            await write(connection.GetDatabase()).WaitAsync(WriteDeadline, time);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            throw new EngineFaultException("redis", fault.Message, fault);
        }
    }

    private void WentAway(Outage kind, Exception fault)
    {
        Volatile.Write(ref _awayUntil, time.GetTimestamp() + (long)(AwayFor.TotalSeconds * time.TimestampFrequency));
        lock (_telling)
        {
            if (_told == Outage.None) LogAway(fault.Message);
            if (kind > _told) _told = kind;
        }
    }

    private void CameBack(Outage kind)
    {
        lock (_telling)
        {
            if (_told == Outage.None || _told > kind) return;
            _told = Outage.None;
        }

        LogBack();
    }

    /// <summary>A Redis that is full still answers reads: only a write that succeeds ends an outage of writes.</summary>
    private enum Outage
    {
        None,
        OfReads,
        OfWrites,
    }

    [LoggerMessage(110, LogLevel.Warning, "redis is away, duplicates pass the door until it is back; the store finds them: {Fault}")]
    private partial void LogAway(string fault);

    [LoggerMessage(111, LogLevel.Information, "redis is back")]
    private partial void LogBack();
}
