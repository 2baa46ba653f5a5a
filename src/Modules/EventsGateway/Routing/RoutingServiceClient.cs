using System.Diagnostics;
using System.Net.Http.Headers;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;
using Gateway.Shared.Time;
using Microsoft.Extensions.Options;
using Polly;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Gateway.EventsGateway.Routing;

/// <summary>
/// Calls the routing service for one event. Every call for the same event carries the same Idempotency-Key.
/// A response, or a missing one, is a value; only faults of the gateway itself are exceptions.
/// </summary>
internal sealed class RoutingServiceClient
{
    public const string HttpClientName = "routing-service";

    private readonly HttpClient _http;
    private readonly RoutingTarget _target;
    private readonly RoutingCircuits _circuits;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<RoutingResponse> _pipeline;
    private readonly TimeSpan _break;
    private readonly bool _emptyIsRouted;
    private int _failedInARow;

    public RoutingServiceClient(
        IHttpClientFactory http, RoutingTarget target, RoutingCircuits circuits, IOptions<RoutingOptions> options,
            TimeProvider time)
    {
        // One client for all calls: its handler renews the connections.
        (_http, _target, _circuits, _time) = (http.CreateClient(HttpClientName), target, circuits, time);
        (_break, _emptyIsRouted) = (options.Value.BreakerBreak, options.Value.EmptyIsRouted);
        var pipeline = new ResiliencePipelineBuilder<RoutingResponse> { TimeProvider = new SteadyTime(time) };
        if (options.Value.MaxConcurrency > 0) pipeline.AddConcurrencyLimiter(options.Value.MaxConcurrency);
        _pipeline = pipeline.AddTimeout(options.Value.Timeout).Build();
    }

    /// <summary>The latest since the start, of any kind; null without one.</summary>
    public RoutingFailure? LastFailure { get; private set; }

    /// <summary>Failed calls of any kind since the last routed one.</summary>
    public int FailedInARow => Volatile.Read(ref _failedInARow);

    public async Task<RoutingResponse> RouteAsync(EventEntity e, CancellationToken cancellationToken)
    {
        // Before the permit: the circuit must not count a fault of the gateway itself.
        var content = EventMapper.ToRoutingRequest(e);
        if (_circuits.TryBegin(RoutingScope.Of(e), out var rest) is not { } permit)
            return NotCalled("the circuit is open", ReleasePolicy.WaitForCircuit(rest, _break));
        RoutingResponse? response = null;
        try
        {
            response = await CallThroughPipelineAsync(e, content, cancellationToken);
        }
        finally
        {
            _circuits.Ended(permit, response);
        }

        Record(response);
        return response with
        {
            CircuitsWereClosed = permit.CircuitsWereClosed,
            Url = response.Result is null or AttemptResult.Routed ? null : OutsideText.Clean(_target.Address),
        };
    }

    private void Record(RoutingResponse response)
    {
        if (response.Result == AttemptResult.Routed) Volatile.Write(ref _failedInARow, 0);
        if (response is not { Result: not null, Error: { } error }) return;
        LastFailure = new RoutingFailure(error, _time.GetUtcNow());
        Interlocked.Increment(ref _failedInARow);
    }

    private async Task<RoutingResponse> CallThroughPipelineAsync(
        EventEntity e, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                static (call, token)
                    => call.Client.CallAsync(call.Event, call.Content, token), (Client: this, Event: e, Content: content),
                cancellationToken);
        }
        catch (TimeoutRejectedException late)
        {
            return NoAnswer(AttemptResult.TimedOut, $"no answer within {late.Timeout.TotalSeconds:0.###} s");
        }
        catch (RateLimiterRejectedException)
        {
            return NotCalled("all calls are taken", ReleasePolicy.Wait);
        }
    }

    private async ValueTask<RoutingResponse> CallAsync(
        EventEntity e, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _target.Url);
        request.Headers.Add("Idempotency-Key", e.Key.ToString());
        // Where this process has a span, the handler sends that one.
        if (Activity.Current is null && e.Traceparent is not null)
            request.Headers.TryAddWithoutValidation("traceparent", e.Traceparent);
        request.Content = new ReadOnlyMemoryContent(content);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return await ResponseReader.ReadAsync(response, _emptyIsRouted, _time.GetUtcNow(), cancellationToken);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            return NoAnswer(AttemptResult.ConnectionLost, TransportFault.Text(lost, _target.Url, HttpClient.DefaultProxy));
        }
    }

    private static RoutingResponse NoAnswer(string result, string error)
        => new(ResponseClass.Transient, result) { Error = error };

    private static RoutingResponse NotCalled(string reason, TimeSpan wait)
        => new(ResponseClass.NotCalled, Result: null) { Error = reason, RetryAfter = wait };
}
