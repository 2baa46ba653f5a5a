using Gateway.TestSupport;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Host.Tests.Telemetry;

/// <summary>Receives OTLP over HTTP and keeps the bytes, in which names and texts can be found.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Signal, byte[] Content)> _received = new();
    private readonly WebApplication _app;

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder(WebServers.WithoutWatchers);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var content = new MemoryStream();
            await request.Body.CopyToAsync(content);
            _received.Enqueue((signal, content.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        });
    }

    public string Url => _app.Urls.Single();

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync();
        return collector;
    }

    public bool Has(string signal, string text) => Has(signal, Encoding.UTF8.GetBytes(text));

    public bool Has(string signal, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in _received)
            if (one.Signal == signal && one.Content.AsSpan().IndexOf(bytes) >= 0) return true;
        return false;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
