namespace Gateway.EventsGateway.Routing;

/// <summary>What the service answered, or that it did not.</summary>
internal sealed record RoutingFailure(string Error, DateTimeOffset At);

internal enum RoutingEnd
{
    Routed,

    /// <summary>Worth another attempt.</summary>
    Transient,

    /// <summary>No repetition will help.</summary>
    Permanent,

    /// <summary>The service was not asked, or our own stop cut the call off: nothing is spent.</summary>
    NotAsked,
}

/// <param name="End">What the caller does with it.</param>
/// <param name="Result">One of <see cref="Entities.AttemptResult"/>, for the history.</param>
internal sealed record RoutingResponse(RoutingEnd End, string Result)
{
    public string? RouteId { get; init; }

    public string? Error { get; init; }

    /// <summary>The service's own wish, or how long the breaker still rests.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>It says that the service is ill: silence, no connection, 5xx.</summary>
    public bool CountsForBreaker { get; init; }

    /// <summary>The breaker was not closed when the call began, and the service is still ill.</summary>
    public bool IsFailedProbe { get; init; }
}
