using System.Diagnostics;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace Gateway.EventsGateway.Features.ReceiveEvent.Rejections;

/// <summary>
/// Reports requests that the server answers before routing: headers that are too long (431), a request line or a header that it
/// cannot read (400). No middleware is called for them; Kestrel says so in a diagnostic event.
/// </summary>
internal sealed class ServerRejections(DiagnosticListener diagnostics, ReceiveEventTelemetry telemetry)
    : IHostedService, IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private static readonly object Reported = new();

    private IDisposable? _subscription;

    /// <summary>
    /// Keeps what the server says about the rest of this connection from the list: it reads the rest of the body, to its end or
    /// as if it were a request.
    /// </summary>
    public static void MarkReported(HttpContext http)
    {
        if (http.Features.Get<IConnectionItemsFeature>() is { } connection) connection.Items[Reported] = Reported;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Every other event stays off: the predicate is asked for it several times per request.
        _subscription = diagnostics.Subscribe(this, name => name == BadRequest);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not IFeatureCollection features) return;
        // A body that could not be read is answered, and reported, by the middleware that reads it.
        if (features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Reported) is true) return;
        if (features.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException fault) return;
        telemetry.RejectedByServer(new DefaultHttpContext(features), ReadFault.ByServer(fault));
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
