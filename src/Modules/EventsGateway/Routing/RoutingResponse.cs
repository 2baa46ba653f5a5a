namespace Gateway.EventsGateway.Routing;

/// <summary>The error of a call, and when it occurred.</summary>
internal sealed record RoutingFailure(string Error, DateTimeOffset At);

/// <summary>The response of the routing service, or the reason why there is none.</summary>
/// <param name="Result">One of <see cref="Entities.AttemptResult"/>; null where the service was not called.</param>
internal sealed record RoutingResponse(string? Result)
{
    public string? RouteId { get; init; }

    public string? Error { get; init; }

    /// <summary>The Retry-After of the service; if it was not called, the remaining time of the break.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Timeout, lost connection or 5xx: the circuit breaker counts it as a failure.</summary>
    public bool CountsForBreaker { get; init; }

    /// <summary>A failed half-open probe: the circuit was not closed when the call began, and the call failed.</summary>
    public bool IsFailedProbe { get; init; }
}
