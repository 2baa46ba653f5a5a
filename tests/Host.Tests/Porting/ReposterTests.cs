using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StackExchange.Redis;

namespace Gateway.Host.Tests.Porting;

/// <summary>What docker/porting/repost.mjs says where the gateway does not take a job.</summary>
public sealed class ReposterTests(ITestOutputHelper output) : IAsyncDisposable
{
    private readonly string _prefix = $"bull-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, int> _posts = new();
    private readonly WebApplication _gateway = Reposter.NewServer();
    private RedisServer? _own;

    [Fact]
    public async Task Jobs_that_are_not_taken_are_named_and_counted()
    {
        await JobsAsync("wait", "accepted-1", "duplicate-1", "later-1", "0:7");
        await JobsAsync("failed", "rejected-1", "accepted-2");
        await JobsAsync("failed", hasData: false, "gone");

        var (code, lines) = await RunAsync(signature => signature);

        code.ShouldBe(1);
        lines.ShouldContain("failed job \"rejected-1\": rejected 400 no id");
        lines.ShouldContain("failed job \"gone\": empty");
        lines.ShouldContain("wait         3 jobs, 2 accepted, 1 duplicate, 0 rejected, 0 empty");
        lines.ShouldContain("total        6 jobs, 3 accepted, 1 duplicate, 1 rejected, 1 empty");
        _posts.ShouldBe(new Dictionary<string, int>
        {
            ["accepted-1"] = 1, ["accepted-2"] = 1, ["duplicate-1"] = 1, ["later-1"] = 2, ["rejected-1"] = 1,
        }, ignoreOrder: true);
    }

    [Fact]
    public async Task Wrong_secret_ends_it_at_once()
    {
        await JobsAsync("prioritized", [.. Enumerable.Range(0, 50).Select(i => $"accepted-{i}")]);

        var (code, lines) = await RunAsync(_ => "of another secret");

        code.ShouldBe(2);
        lines.ShouldContain("total        50 jobs, 0 accepted, 0 duplicate, 0 rejected, 0 empty");
        lines.ShouldContain("50 jobs were not sent: run it again");
        _posts.Count.ShouldBeLessThan(50);
    }

    [Fact]
    public async Task Redis_that_ends_while_jobs_are_posted_ends_it_with_its_report()
    {
        const int atOnce = 8;
        _own = await RedisServer.StartAsync();
        await JobsAsync("wait", [.. Enumerable.Range(0, 20).Select(i => $"accepted-{i}")]);
        var (posted, ended) = (0, new TaskCompletionSource());

        var (code, lines) = await RunAsync(signature => signature, async () =>
        {
            if (Interlocked.Increment(ref posted) == atOnce)
            {
                await _own.KillAsync();
                ended.SetResult();
            }

            await ended.Task;
        });

        code.ShouldBe(2);
        lines.ShouldContain(line => line.StartsWith("not completed: ", StringComparison.Ordinal));
        lines.ShouldContain($"total        20 jobs, {atOnce} accepted, 0 duplicate, 0 rejected, 0 empty");
        lines.ShouldContain("12 jobs were not sent: run it again");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        if (_own is not null) await _own.DisposeAsync();
    }

    private async Task<(int Code, IReadOnlyList<string> Lines)> RunAsync(
        Func<string, string> signatureOf, Func<Task>? beforeAnswer = null)
    {
        _gateway.MapPost(GatewayClient.BasePath, async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            var id = JsonDocument.Parse(body.ToArray()).RootElement.GetProperty("eventId").GetString()!;
            var posts = _posts.AddOrUpdate(id, 1, (_, before) => before + 1);
            if (beforeAnswer is not null) await beforeAnswer();
            if (request.Headers[Signature.Header] != signatureOf(Signature.Of(body.ToArray(), GatewayHost.Secret)))
                return Results.Unauthorized();
            if (id.StartsWith("duplicate", StringComparison.Ordinal))
                request.HttpContext.Response.Headers["Idempotent-Replayed"] = "true";
            return id.StartsWith("rejected", StringComparison.Ordinal) ? Results.Text("no id", statusCode: 400)
                : id.StartsWith("later", StringComparison.Ordinal) && posts == 1 ? Results.StatusCode(503)
                : Results.StatusCode(202);
        });
        await _gateway.StartAsync();
        return await Reposter.RunAsync(
            await RedisAsync(), _prefix, new Uri(new Uri(_gateway.Urls.Single()), GatewayClient.BasePath), output);
    }

    private async Task<RedisServer> RedisAsync() => _own ?? await RedisServer.SharedAsync();

    private Task JobsAsync(string state, params string[] ids) => JobsAsync(state, hasData: true, ids);

    private async Task JobsAsync(string state, bool hasData, params string[] ids)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync((await RedisAsync()).Endpoint);
        var redis = connection.GetDatabase();
        foreach (var id in ids)
        {
            var key = $"{_prefix}:events-processing";
            if (hasData) await redis.HashSetAsync($"{key}:{id}", "data", $$"""{"eventId":"{{id}}"}""");
            if (state == "wait") await redis.ListLeftPushAsync($"{key}:{state}", id);
            else await redis.SortedSetAddAsync($"{key}:{state}", id, 1);
        }
    }
}
