using Gateway.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.LoadTest.Tests.EndToEnd;

/// <summary>Answers every webhook with one status, the first one with 202, and stores nothing.</summary>
internal sealed class StatelessServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StatelessServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Stops after <paramref name="stopsAfter"/> webhooks.</summary>
    public static async Task<StatelessServer> StartAsync(int status, int? stopsAfter = null, int first = 202)
    {
        var builder = WebApplication.CreateSlimBuilder(WebServers.WithoutWatchers);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var received = 0;
        app.MapPost("/v1/events-gateway", () =>
        {
            var number = Interlocked.Increment(ref received);
            if (number == stopsAfter) _ = app.StopAsync();
            return TypedResults.Json(new { status = "of the answer" }, statusCode: number == 1 ? first : status);
        });
        app.MapGet("/v1/events-gateway/events/counts", () => new { accepted = 0, pending = 0, processed = 0, failed = 0 });
        app.MapGet("/v1/events-gateway/events", () => new { items = Array.Empty<object>(), nextCursor = (string?)null });
        await app.StartAsync();
        return new StatelessServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
