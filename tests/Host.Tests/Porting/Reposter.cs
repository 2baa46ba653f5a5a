using System.Diagnostics;
using System.Net;
using Gateway.Host.Tests.Architecture;
using Gateway.Host.Tests.CrashDrill;
using Gateway.Host.Tests.FaultDrills;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Host.Tests.Porting;

/// <summary>docker/porting/repost.mjs as its user runs it.</summary>
internal static class Reposter
{
    /// <summary>Returns its exit code and its lines.</summary>
    public static async Task<(int Code, IReadOnlyList<string> Lines)> RunAsync(
        RedisServer redis, string prefix, Uri target, ITestOutputHelper log)
    {
        using var process = await StartAsync(redis, prefix, target);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        log.WriteLine($"repost.mjs ended with {process.ExitCode}:\n{await output}{errors}");
        return (process.ExitCode, (await output + errors).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>SIGKILL, when this many jobs have arrived.</summary>
    public static async Task KillAfterAsync(int jobs, RedisServer redis, string prefix, Replica ingest)
    {
        var arrived = 0;
        var enough = new TaskCompletionSource();
        using var http = new HttpClient();
        await using var proxy = NewServer();
        proxy.MapPost(GatewayClient.BasePath, async (HttpRequest request) =>
        {
            if (Interlocked.Increment(ref arrived) > jobs)
            {
                enough.TrySetResult();
                await Task.Delay(Timeout.Infinite, request.HttpContext.RequestAborted);
            }

            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            using var answer = await ingest.Client.PostSignedAsync(body.ToArray());
            return Results.StatusCode((int)answer.StatusCode);
        });
        await proxy.StartAsync();
        using var process = await StartAsync(redis, prefix, new Uri(new Uri(proxy.Urls.Single()), GatewayClient.BasePath));
        await enough.Task.WaitAsync(Accounting.Timeout);
        process.Kill();
        await process.WaitForExitAsync();
        await proxy.StopAsync(new CancellationToken(canceled: true));
    }

    /// <summary>On a free port of loopback.</summary>
    public static WebApplication NewServer()
    {
        var builder = WebApplication.CreateSlimBuilder(WebServers.WithoutWatchers);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        return builder.Build();
    }

    private static Task<Process> StartAsync(RedisServer redis, string prefix, Uri target)
    {
        var node = ServerSource.Program("node");
        return ServerSource.UseAsync("Node.js", node is not null, () =>
        {
            var start = new ProcessStartInfo(node!, [Path.Combine(Solution.Root, "docker/porting/repost.mjs"), target.ToString()])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            };
            start.Environment["REDIS_HOST"] = redis.Host;
            start.Environment["REDIS_PORT"] = $"{redis.Port}";
            start.Environment["REDIS_PASSWORD"] = redis.Password;
            start.Environment["WEBHOOK_SECRET"] = GatewayHost.Secret;
            start.Environment["BULL_PREFIX"] = prefix;
            start.Environment["TRIES"] = "3";
            return Task.FromResult(Process.Start(start)!);
        });
    }
}
