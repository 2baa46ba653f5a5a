using System.Diagnostics;
using System.Net.Http.Headers;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Time;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
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

    private static readonly TimeSpan LimiterWait = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly RoutingTarget _target;
    private readonly RoutingCircuitBreaker _breaker;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<RoutingResponse> _pipeline;
    private int _failedInARow;

    public RoutingServiceClient(
        IHttpClientFactory http, RoutingTarget target, RoutingCircuitBreaker breaker, IOptions<RoutingOptions> options,
            TimeProvider time)
    {
        // One client serves all calls; its handler renews the connections.
        (_http, _target, _breaker, _time) = (http.CreateClient(HttpClientName), target, breaker, time);
        var pipeline = new ResiliencePipelineBuilder<RoutingResponse> { TimeProvider = new SteadyTime(time) };
        if (options.Value.MaxConcurrency > 0) pipeline.AddConcurrencyLimiter(options.Value.MaxConcurrency);
        breaker.AddTo(pipeline);
        _pipeline = pipeline.AddTimeout(options.Value.Timeout).Build();
    }

    /// <summary>The latest failed call since the start of the process; null where no call has failed.</summary>
    public RoutingFailure? LastFailure { get; private set; }

    /// <summary>Failed calls of any kind since the last routed one.</summary>
    public int FailedInARow => Volatile.Read(ref _failedInARow);

    public async Task<RoutingResponse> RouteAsync(EventEntity e, CancellationToken cancellationToken)
    {
        var isProbe = !_breaker.IsClosed;
        var response = await CallThroughPipelineAsync(e, cancellationToken);
        Record(response);
        return response with { IsFailedProbe = isProbe && response.CountsForBreaker };
    }

    private void Record(RoutingResponse response)
    {
        if (response.Result == AttemptResult.Routed) Volatile.Write(ref _failedInARow, 0);
        if (response is not { Result: not null, Error: { } error }) return;
        LastFailure = new RoutingFailure(error, _time.GetUtcNow());
        Interlocked.Increment(ref _failedInARow);
    }

    private async Task<RoutingResponse> CallThroughPipelineAsync(EventEntity e, CancellationToken cancellationToken)
    {
        // Before the pipeline: the circuit breaker must not count a fault of the gateway itself.
        var content = EventMapper.ToRoutingRequest(e);
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
        catch (BrokenCircuitException)
        {
            return NotCalled("the breaker is open", _breaker.BreakRemaining);
        }
        catch (RateLimiterRejectedException)
        {
            return NotCalled("all calls are taken", LimiterWait);
        }
    }

    private async ValueTask<RoutingResponse> CallAsync(
        EventEntity e, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _target.Url);
        request.Headers.Add("Idempotency-Key", e.Key.ToString());
        // If this process records a span, the HTTP handler sends the header of that span instead.
        if (Activity.Current is null && e.Traceparent is not null)
            request.Headers.TryAddWithoutValidation("traceparent", e.Traceparent);
        request.Content = new ReadOnlyMemoryContent(content);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return await ResponseReader.ReadAsync(response, _time.GetUtcNow(), cancellationToken);
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
