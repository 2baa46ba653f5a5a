using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Routing;

/// <summary>The error of a call, and when it occurred.</summary>
internal sealed record RoutingFailure(string Error, DateTimeOffset At);

/// <summary>What an answer, or a missing one, speaks of.</summary>
internal enum ResponseClass
{
    /// <summary>The circuit is open, or all calls are taken.</summary>
    NotCalled,

    Routed,

    /// <summary>Of the service, its address or our credentials: it may be the same for every event.</summary>
    Transient,

    /// <summary>Of this event.</summary>
    Own,

    /// <summary>Of the rate of calls.</summary>
    Later,
}

/// <summary>What the routing service said.</summary>
/// <param name="Class">What it speaks of.</param>
/// <param name="Result">One of <see cref="AttemptResult"/>; null where the service was not called.</param>
internal sealed record RoutingResponse(ResponseClass Class, string? Result)
{
    public string? RouteId { get; init; }

    /// <summary>The service's words are in it.</summary>
    public string? Error
    {
        get;
        init => field = OutsideText.Clean(value);
    }

    /// <summary>As the service asks for it; where it was not called: until a call may be made.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Null where nothing was answered.</summary>
    public AttemptAnswer? Answer { get; init; }

    /// <summary>The address that was called, for display; null where it was routed.</summary>
    public string? Url { get; init; }

    /// <summary>The circuits of its merchant and of all, when the call began.</summary>
    public bool CircuitsWereClosed { get; init; }

    /// <summary>
    /// 401, 403, 404, 405, 407 and redirects speak of the address or of credentials, not of the event (B30).
    /// </summary>
    public static ResponseClass ClassOf(int status) => status switch
    {
        429 => ResponseClass.Later,
        401 or 403 or 404 or 405 or 407 or 408 or 425 => ResponseClass.Transient,
        >= 400 and < 500 => ResponseClass.Own,
        _ => ResponseClass.Transient,
    };
}
