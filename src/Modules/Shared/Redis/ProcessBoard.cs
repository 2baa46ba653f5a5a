using System.Globalization;
using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Gateway.Shared.Redis;

/// <summary>
/// What the processes of one gateway know of each other: one text per process and topic. It is a view: nothing that is promised
/// depends on it, and it may lose texts. A topic is a hash: process → Unix seconds of Redis, blank, text. The clocks of processes
/// may differ.
/// </summary>
public sealed class ProcessBoard(RedisConnection connection, IOptions<IdempotencyOptions> options, TimeProvider time)
{
    private const string Write =
        "redis.call('HSET', KEYS[1], ARGV[1], redis.call('TIME')[1] .. ' ' .. ARGV[2]) redis.call('EXPIRE', KEYS[1], ARGV[3])";

    private const string Read = "return { redis.call('TIME')[1], redis.call('HGETALL', KEYS[1]) }";

    private const string Take =
        "local holder = redis.call('GET', KEYS[1]) if holder and holder ~= ARGV[1] then return 0 end "
        + "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    // Another prefix than that of the cache, so that clearing the cache leaves it.
    private readonly string _prefix = options.Value.KeyPrefix.TrimEnd(':');

    /// <summary>Replaces the text of a process; else <see cref="BackendUnavailableException"/>.</summary>
    public Task WriteAsync(string topic, string process, string text)
        => SendAsync(topic, (redis, key) => redis.ScriptEvaluateAsync(
            Write, [key], [process, text, (long)Kept.TotalSeconds], CommandFlags.NoScriptCache));

    /// <summary>True where the process holds the lease from now on; else <see cref="BackendUnavailableException"/>.</summary>
    public async Task<bool> TakeLeaseAsync(string topic, string process, TimeSpan length)
        => (long)await SendAsync($"{topic}-lease", (redis, key) => redis.ScriptEvaluateAsync(
            Take, [key], [process, (long)length.TotalMilliseconds], CommandFlags.NoScriptCache)) == 1;

    /// <summary>The texts of all processes, those of the last day; else <see cref="BackendUnavailableException"/>.</summary>
    public async Task<IReadOnlyList<ProcessNote>> ReadAsync(string topic)
    {
        var answer = (RedisResult[])(await SendAsync(
            topic, (redis, key) => redis.ScriptEvaluateAsync(Read, [key], null, CommandFlags.NoScriptCache)))!;
        var now = (long)answer[0];
        var notes = answer[1].ToDictionary()
            .Select(entry => NoteOf(entry.Key, (string)entry.Value!, now)).OfType<ProcessNote>().ToList();
        var outdated = notes.Where(note => note.Age > Kept).ToList();
        if (outdated.Count > 0)
        {
            await SendAsync(
                topic, (redis, key) => redis.HashDeleteAsync(key, [.. outdated.Select(note => (RedisValue)note.Process)]));
        }

        return [.. notes.Except(outdated)];
    }

    private static ProcessNote? NoteOf(string process, string value, long now)
    {
        string[] parts = value.Split(' ', 2);
        return parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var at)
            ? new ProcessNote(process, parts[1], TimeSpan.FromSeconds(Math.Max(0, now - at)))
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
            throw RedisFault.Of(fault);
        }
    }
}

/// <param name="Process">Its id.</param>
/// <param name="Text">What it wrote last.</param>
/// <param name="Age">How long ago, by the clock of Redis.</param>
public sealed record ProcessNote(string Process, string Text, TimeSpan Age);
