using Gateway.TestSupport;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.LoadTest.Tests.EndToEnd;

/// <summary>Stores everything, one event twice: both pages list it, and the routing stub counts its key twice.</summary>
internal sealed class RepeatingServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _keys = new();
    private readonly WebApplication _app;

    private RepeatingServer()
    {
        var builder = WebApplication.CreateSlimBuilder(WebServers.WithoutWatchers);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/events-gateway", (JsonElement webhook) =>
        {
            _keys.Enqueue($"{webhook.GetProperty("shippingCompanyId").GetString()}.{webhook.GetProperty("eventId").GetString()}");
            return TypedResults.Json(new { status = "accepted" }, statusCode: 202);
        });
        _app.MapGet(
            "/v1/events-gateway/events/counts",
            () => new { accepted = _keys.Count, pending = 0, processed = _keys.Count, failed = 0 });
        _app.MapGet(
            "/v1/events-gateway/events",
            (string? cursor) => cursor is null ? PageOf(_keys, "second") : PageOf(_keys.TakeLast(1), null));
        _app.MapGet("/v1/events-gateway/events/{key}", () => new { attempts = Array.Empty<object>() });
        _app.MapGet(
            "/v1/routing-service/stats",
            () => new { requests = _keys.Count, distinctKeys = _keys.Count, repeatedKeys = _keys.Count > 1 ? 1 : 0 });
    }

    public Uri Address => new(_app.Urls.Single());

    public static async Task<RepeatingServer> StartAsync()
    {
        var server = new RepeatingServer();
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static object PageOf(IEnumerable<string> keys, string? nextCursor) => new { items = keys.Select(RowOf), nextCursor };

    private static object RowOf(string key)
        => new { key, status = "processed", outcome = "routed", processedAt = DateTimeOffset.UnixEpoch };
}
