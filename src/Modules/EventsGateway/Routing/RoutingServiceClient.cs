using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
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

    /// <summary>Limit of a response, which normally has a few hundred bytes.</summary>
    private const int MaxResponseBytes = 64 * 1024;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);
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
            return Transient(
                AttemptResult.TimedOut, $"no answer within {late.Timeout.TotalSeconds:0.###} s", countsForBreaker: true);
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
            return await ReadAsync(response, cancellationToken);
        }
        catch (HttpRequestException tooLong) when (tooLong.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return Unreadable();
        }
        catch (HttpRequestException lost)
        {
            return Transient(AttemptResult.ConnectionLost, lost.Message, countsForBreaker: true);
        }
    }

    private async Task<RoutingResponse> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            await response.Content.LoadIntoBufferAsync(MaxResponseBytes, cancellationToken);
            return ReadBody(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }

        var error = $"routing service answered {status.ToString(CultureInfo.InvariantCulture)}";
        return status >= 500 || response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
            || status == 425
            ? Transient(AttemptResult.TransientStatus, error, status >= 500) with { RetryAfter = RetryAfterOf(response) }
            : new RoutingResponse(AttemptResult.PermanentStatus) { Error = error };
    }

    /// <summary>As the original reads it: <c>routed</c> is truthy as in JavaScript, a missing routeId is "UNKNOWN".</summary>
    private static RoutingResponse ReadBody(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return Unreadable();
            if (!json.RootElement.TryGetProperty("routed", out var routed) || !IsTrue(routed))
                return Transient(AttemptResult.NotRouted, "routing service answered routed: false", countsForBreaker: false);
            var routeId = json.RootElement.TryGetProperty("routeId", out var id) && id.ValueKind != JsonValueKind.Null
                ? id.ToString()
                : "UNKNOWN";
            return new RoutingResponse(AttemptResult.Routed) { RouteId = routeId };
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return Unreadable();
        }
    }

    private static bool IsTrue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.Object or JsonValueKind.Array => true,
        JsonValueKind.Number => value.TryGetDouble(out var number) && number != 0,
        JsonValueKind.String => value.GetString()!.Length > 0,
        _ => false,
    };

    /// <summary>Seconds or an HTTP date (RFC 9110, 10.2.3), at most an hour.</summary>
    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);
        return wait > LongestRetryAfter ? LongestRetryAfter : wait;
    }

    private static RoutingResponse Unreadable()
        => Transient(AttemptResult.Unreadable, "routing service answered something unreadable", countsForBreaker: false);

    private static RoutingResponse Transient(string result, string error, bool countsForBreaker)
        => new(result) { Error = error, CountsForBreaker = countsForBreaker };

    private static RoutingResponse NotCalled(string reason, TimeSpan wait)
        => new(Result: null) { Error = reason, RetryAfter = wait };
}
