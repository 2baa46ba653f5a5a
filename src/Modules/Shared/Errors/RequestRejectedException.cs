namespace Gateway.Shared.Errors;

/// <summary>A request that is answered with a 4xx status and this message.</summary>
public sealed class RequestRejectedException(int statusCode, string message) : Exception(message)
{
    public int StatusCode { get; } = statusCode;

    /// <summary>When to try again; null where that changes nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
