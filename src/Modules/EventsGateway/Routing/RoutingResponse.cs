namespace Gateway.EventsGateway.Routing;

/// <summary>The error of a call, and when it occurred.</summary>
internal sealed record RoutingFailure(string Error, DateTimeOffset At);

/// <summary>What the routing service said.</summary>
/// <param name="Result">One of <see cref="Entities.AttemptResult"/>; null where the service was not called.</param>
internal sealed record RoutingResponse(string? Result)
{
    public string? RouteId { get; init; }

    public string? Error { get; init; }

    /// <summary>As the service asks for it; where it was not called: the rest of the break.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Timeout, lost connection or 5xx: the circuit breaker counts it as a failure.</summary>
    public bool CountsForBreaker { get; init; }

    /// <summary>The circuit was not closed when the call began, and the service still fails.</summary>
    public bool IsFailedProbe { get; init; }
}
