using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.LoadTest.Tests.EndToEnd;

/// <summary>Promises everything and keeps nothing.</summary>
internal sealed class LyingServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LyingServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Stops for good after <paramref name="leavesAfter"/> webhooks.</summary>
    public static async Task<LyingServer> StartAsync(int doorStatus, int? leavesAfter = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var taken = 0;
        app.MapPost("/v1/events-gateway", () =>
        {
            if (Interlocked.Increment(ref taken) == leavesAfter) _ = app.StopAsync();
            return TypedResults.Json(new { status = "accepted" }, statusCode: doorStatus);
        });
        app.MapGet("/v1/events-gateway/events/counts", () => new { accepted = 0, pending = 0, processed = 0, failed = 0 });
        app.MapGet("/v1/events-gateway/events", () => new { items = Array.Empty<object>(), nextCursor = (string?)null });
        await app.StartAsync();
        return new LyingServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
