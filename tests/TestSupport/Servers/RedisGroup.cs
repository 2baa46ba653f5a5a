using System.Diagnostics;
using System.Globalization;
using Shouldly;

namespace Gateway.TestSupport.Servers;

/// <summary>Several Redis servers that replace a lost master: a cluster, or a master with a replica and a sentinel.</summary>
public sealed class RedisGroup : IAsyncDisposable
{
    private readonly List<RedisServer> _servers = [];

    private RedisGroup()
    {
    }

    /// <summary>The sentinel; null for a cluster.</summary>
    public RedisServer? Sentinel { get; private set; }

    /// <summary>The masters of a cluster and their replicas, or the first master and its replica.</summary>
    public IReadOnlyList<RedisServer> Servers => _servers;

    /// <summary>Three masters with a replica each.</summary>
    public static Task<RedisGroup> StartClusterAsync() => StartAsync(async group =>
    {
        const int size = 6;
        while (group._servers.Count < size) group._servers.Add(await RedisServer.StartClusterNodeAsync());
        var nodes = group._servers.Select(server => server.Endpoint);
        await RunAsync(["--cluster", "create", .. nodes, "--cluster-replicas", "1", "--cluster-yes"]);
        foreach (var server in group._servers) await server.WaitForAsync("CLUSTER INFO", "cluster_state:ok");
        foreach (var server in group._servers)
            await server.WaitForAsync("INFO replication", "role:master", "master_link_status:up");
    });

    public static Task<RedisGroup> StartWithSentinelAsync() => StartAsync(async group =>
    {
        var master = await RedisServer.StartAsync();
        group._servers.Add(master);
        group._servers.Add(await RedisServer.StartAsync(
            "--replicaof", master.Host, master.Port.ToString(CultureInfo.InvariantCulture)));
        await group._servers[1].WaitForAsync("INFO replication", "master_link_status:up");
        group.Sentinel = await master.StartSentinelAsync();
        await group.Sentinel.WaitForAsync("INFO sentinel", "slaves=1");
    });

    public async ValueTask DisposeAsync()
    {
        if (Sentinel is not null) await Sentinel.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
    }

    private static async Task<RedisGroup> StartAsync(Func<RedisGroup, Task> start)
    {
        var group = new RedisGroup();
        try
        {
            await start(group);
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    private static async Task RunAsync(IEnumerable<string> command)
    {
        var start = new ProcessStartInfo(ServerSource.Program("redis-cli")!, command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var control = Process.Start(start)!;
        var output = await Task.WhenAll(control.StandardOutput.ReadToEndAsync(), control.StandardError.ReadToEndAsync());
        await control.WaitForExitAsync();
        control.ExitCode.ShouldBe(0, string.Concat(output));
    }
}
