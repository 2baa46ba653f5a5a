using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.TestSupport;

/// <summary>A call that the routing service received.</summary>
public sealed record RoutingCall(string IdempotencyKey, JsonElement Body, DateTimeOffset At)
{
    public string? Traceparent { get; init; }
}

/// <summary>A routing service whose answers the test sets. It can stop and start again at the same address.</summary>
public sealed class FakeRoutingService : IAsyncDisposable
{
    private readonly ConcurrentQueue<RoutingCall> _calls = new();
    private readonly ConcurrentDictionary<string, int> _callsOfKey = new();
    private WebApplication? _app;
    private int _port;

    public IReadOnlyList<RoutingCall> Calls => [.. _calls];

    /// <summary>The answer to a call; the number counts the calls of its key, from 1.</summary>
    public Func<RoutingCall, int, IResult> Answer { get; set; } = (call, _) => Routed(call);

    public string Url => $"http://127.0.0.1:{_port}/route";

    /// <summary>The route names the key; the gateway accepts at most 256 characters.</summary>
    public static IResult Routed(RoutingCall call)
    {
        var route = $"RoID-{call.IdempotencyKey}";
        return Results.Json(new { routed = true, routeId = route[..Math.Min(route.Length, 256)], processedAt = call.At });
    }

    /// <summary>An answer that waits for <paramref name="release"/>, which may never complete.</summary>
    public static IResult HeldBack(Task release, IResult answer) => new HeldBackResult(release, answer);

    public IEnumerable<RoutingCall> CallsOf(string key) => _calls.Where(call => call.IdempotencyKey == key);

    public static async Task<FakeRoutingService> StartAsync()
    {
        var service = new FakeRoutingService();
        await service.ComeUpAsync();
        return service;
    }

    public async Task ComeUpAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(WebServers.WithoutWatchers);
        builder.Logging.ClearProviders();
        // No grace period: a caller that waits for an answer loses its connection.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port));
        _app = builder.Build();
        _app.MapPost("/route", async (HttpRequest request) =>
        {
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body);
            var call = new RoutingCall(request.Headers["Idempotency-Key"].ToString(), body, DateTimeOffset.UtcNow)
            {
                Traceparent = request.Headers.TraceParent,
            };
            _calls.Enqueue(call);
            return Answer(call, _callsOfKey.AddOrUpdate(call.IdempotencyKey, 1, (_, count) => count + 1));
        });
        await _app.StartAsync();
        _port = new Uri(_app.Urls.Single()).Port;
    }

    public async Task GoDownAsync()
    {
        if (_app is null) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync() => await GoDownAsync();

    private sealed class HeldBackResult(Task release, IResult answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await release.WaitAsync(httpContext.RequestAborted);
            await answer.ExecuteAsync(httpContext);
        }
    }
}
