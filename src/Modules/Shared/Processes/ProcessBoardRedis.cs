using System.Globalization;
using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Gateway.Shared.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Gateway.Shared.Processes;

/// <summary>A hash per topic: process → Unix seconds of Redis, blank, text. The clocks of processes may differ.</summary>
internal sealed class ProcessBoardRedis(RedisConnection connection, IOptions<IdempotencyOptions> options, TimeProvider time)
    : IProcessBoard
{
    private const string Write =
        "redis.call('HSET', KEYS[1], ARGV[1], redis.call('TIME')[1] .. ' ' .. ARGV[2]) redis.call('EXPIRE', KEYS[1], ARGV[3])";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    // Another prefix than that of the cache, so that clearing the cache leaves it.
    private readonly string _prefix = options.Value.KeyPrefix.TrimEnd(':');

    public Task WriteAsync(string topic, string process, string text)
        => SendAsync(topic, (redis, key) => redis.ScriptEvaluateAsync(
            Write, [key], [process, text, (long)Kept.TotalSeconds], CommandFlags.NoScriptCache));

    public async Task<IReadOnlyList<ProcessNote>> ReadAsync(string topic)
    {
        var reading = SendAsync(topic, (redis, key) => redis.HashGetAllAsync(key));
        var now = long.Parse(((string?)(await SendAsync(topic, (redis, key) => redis.ScriptEvaluateAsync(
            "return redis.call('TIME')[1]", [key], null, CommandFlags.NoScriptCache))))!, CultureInfo.InvariantCulture);
        var notes = (await reading).Select(entry => NoteOf(entry, now)).OfType<ProcessNote>().ToList();
        var forgotten = notes.Where(note => note.Age > Kept).ToList();
        if (forgotten.Count > 0)
        {
            await SendAsync(
                topic, (redis, key) => redis.HashDeleteAsync(key, [.. forgotten.Select(note => (RedisValue)note.Process)]));
        }

        return [.. notes.Except(forgotten)];
    }

    private static ProcessNote? NoteOf(HashEntry entry, long now)
    {
        string[] parts = entry.Value.ToString().Split(' ', 2);
        return parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var at)
            ? new ProcessNote(entry.Name.ToString(), parts[1], TimeSpan.FromSeconds(Math.Max(0, now - at)))
            : null;
    }

    private async Task<T> SendAsync<T>(string topic, Func<IBatch, RedisKey, Task<T>> command)
    {
        try
        {
            return (await connection.SendAsync(
                [$"{_prefix}-{topic}"], (redis, key) => command(redis, key), Deadline, time)).Single();
        }
        catch (Exception fault)
        {
            throw new BackendUnavailableException("redis", fault.Message, fault);
        }
    }
}
