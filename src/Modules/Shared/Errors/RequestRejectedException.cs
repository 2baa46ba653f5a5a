namespace Gateway.Shared.Errors;

/// <summary>A request that cannot be served as it is: a clear 4xx.</summary>
public sealed class RequestRejectedException(int statusCode, string message) : Exception(message)
{
    public int StatusCode { get; } = statusCode;
}
