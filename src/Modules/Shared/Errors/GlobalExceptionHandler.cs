using FluentValidation;
using Gateway.Shared.Hosting;
using Gateway.Shared.Operator;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Shared.Errors;

/// <summary>
/// Answers exceptions with problem+json; a client never sees a stack trace. Requests cause one log line per second. Event ids
/// 100-109.
/// </summary>
internal sealed partial class GlobalExceptionHandler(TimeProvider time, ILogger<GlobalExceptionHandler> log) : IExceptionHandler
{
    private readonly Throttle _backendFaults = new(time), _unexpectedFaults = new(time);

    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case ValidationException invalid:
                await ProblemBody.WriteAsync(http, StatusCodes.Status400BadRequest, "Bad Request", ByField(invalid));
                return true;
            case RequestRejectedException rejection:
                if (rejection.RetryAfter is { } wait)
                    http.Response.Headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds)}";
                await ProblemBody.WriteAsync(http, rejection.StatusCode, rejection.Message);
                return true;
            case BadHttpRequestException bad:
                await ProblemBody.WriteAsync(http, bad.StatusCode, ReadableReason(bad));
                return true;
            case IOException { InnerException: OverflowException }:
                // A chunk of more than 2 GiB: the server has no BadHttpRequestException for it.
                await ProblemBody.WriteAsync(http, StatusCodes.Status400BadRequest, "Bad Request");
                return true;
            case BackendUnavailableException fault:
                if (_backendFaults.Allows()) LogBackendFault(fault.Message);
                http.Response.Headers.RetryAfter = "2";
                await ProblemBody.WriteAsync(
                    http, StatusCodes.Status503ServiceUnavailable, "Service temporarily unavailable",
                    detail: IsOfOperators(http) ? OutsideText.Clean(fault.Message) : null);
                return true;
            // The connection ended, or the process stops while an upload hangs; the token may be told later.
            case OperationCanceledException or IOException when http.RequestAborted.IsCancellationRequested:
            case ConnectionAbortedException or { InnerException: ConnectionAbortedException }:
                return true;
            default:
                if (_unexpectedFaults.Allows()) LogUnexpected(http.Request.Method, exception);
                await ProblemBody.WriteAsync(http, StatusCodes.Status500InternalServerError, "Internal server error");
                return true;
        }
    }

    /// <summary>A sender need not know which backend does not answer.</summary>
    private static bool IsOfOperators(HttpContext http)
        => http.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<OperatorOnlyAttribute>() is not null;

    private static Dictionary<string, string[]> ByField(ValidationException invalid)
        => invalid.Errors
            .GroupBy(failure => failure.PropertyName)
            .ToDictionary(field => field.Key, field => field.Select(failure => failure.ErrorMessage).ToArray());

    private static string ReadableReason(BadHttpRequestException bad)
        => bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? ProblemBody.EntityTooLarge : "Bad Request";

    [LoggerMessage(100, LogLevel.Error, "Request answered with 503: {Error}")]
    private partial void LogBackendFault(OutsideText error);

    [LoggerMessage(101, LogLevel.Error, "Unhandled exception while serving {Method}")]
    private partial void LogUnexpected(OutsideText method, Exception exception);
}
