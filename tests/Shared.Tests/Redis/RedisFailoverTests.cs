using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Gateway.Shared.Redis;
using Gateway.Shared.Tests.Idempotency;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Gateway.Shared.Tests.Redis;

/// <summary>A lost master is replaced, and the gateway uses the new one without a restart.</summary>
public sealed class RedisFailoverTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 100).Select(i => $"dhl.evt-{i}")];

    [Fact]
    public async Task Replica_that_a_sentinel_promotes_is_used()
    {
        await using var group = await RedisGroup.StartWithSentinelAsync();
        await using var filter = await RedisFilter.OverAsync(
            group.Servers[0], options => options.Sentinels = $"127.0.0.1:1 {group.Sentinel!.Endpoint}");
        await UsedAsync(filter);

        await group.Servers[0].KillAsync();

        await UsedAsync(filter);
    }

    [Fact]
    public async Task Sentinel_that_starts_after_the_gateway_is_used()
    {
        await using var group = await RedisGroup.StartWithSentinelAsync();
        await group.Sentinel!.KillAsync();
        await using var filter = await RedisFilter.OverAsync(
            group.Servers[0], options => options.Sentinels = group.Sentinel.Endpoint);
        var probe = filter.Service.ProbeAsync();
        (await Should.ThrowAsync<BackendUnavailableException>(probe)).Message.ShouldContain("mymaster");

        await group.Sentinel.StartAgainAsync();

        await UsedAsync(filter);
    }

    [Fact]
    public async Task Killed_master_of_a_cluster_is_replaced_for_entries_and_for_notes_of_processes()
    {
        await using var group = await RedisGroup.StartClusterAsync();
        await using var filter = await RedisFilter.OverAsync(group.Servers[0]);
        var board = new ProcessBoard(
            filter.Connection, new OptionsWrapper<IdempotencyOptions>(new IdempotencyOptions()), TimeProvider.System);
        await UsedAsync(filter);
        await NotedAsync(board);

        // The first node is the one that the settings name.
        await group.Servers[0].KillAsync();

        await UsedAsync(filter);
        await NotedAsync(board);
    }

    [Fact]
    public async Task Changed_password_is_read_from_its_file_and_another_one_is_named_as_the_reason()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "password");
        await File.WriteAllTextAsync(file, "old\n");
        await using var server = await RedisServer.StartAsync();
        await using var operatorOf = await ConnectionMultiplexer.ConnectAsync($"{server.Endpoint},allowAdmin=true");
        var redis = operatorOf.GetDatabase();
        await redis.ExecuteAsync("CONFIG", "SET", "requirepass", "old");
        await using var filter = await RedisFilter.OverAsync(
            server, options => (options.Password, options.PasswordFile) = ("old", file));
        await UsedAsync(filter);

        await redis.ExecuteAsync("CONFIG", "SET", "requirepass", "new");
        await redis.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await Until.TrueAsync(
            () => ReasonAsync(filter.Service), reason => reason.Contains("WRONGPASS", StringComparison.Ordinal));
        await File.WriteAllTextAsync(file, "new\n");

        await UsedAsync(filter);
    }

    /// <summary>Returns when new entries are added and found, on every node; a replica has those of before.</summary>
    private static async Task UsedAsync(RedisFilter filter)
    {
        var keys = Array.ConvertAll(Keys, key => $"{key}-{Guid.NewGuid():N}");
        await Until.TrueAsync(
            () =>
            {
                filter.Time.Advance(DeduplicationCircuit.Pause);
                filter.Service.AddToCache([.. keys.Select(key => (key, new CacheEntry(Guid.NewGuid(), 1)))]);
                return filter.Service.FindCachedAsync(keys);
            },
            found => found.All(entry => entry is not null));
    }

    /// <summary>Topics of all nodes are written and read.</summary>
    private static async Task NotedAsync(ProcessBoard board)
    {
        foreach (var topic in Keys[..20])
        {
            await Until.TrueAsync(async () =>
            {
                try
                {
                    await board.WriteAsync(topic, "process", "text");
                    return (await board.ReadAsync(topic)).Single().Text == "text";
                }
                catch (BackendUnavailableException)
                {
                    return false;
                }
            }, isThere => isThere);
        }
    }

    private static async Task<string> ReasonAsync(IIdempotencyService service)
    {
        try
        {
            await service.ProbeAsync();
            return "";
        }
        catch (BackendUnavailableException fault)
        {
            return fault.Message;
        }
    }
}
