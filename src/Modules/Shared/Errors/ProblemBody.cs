using System.Text.Json.Serialization;
using Gateway.Shared.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Shared.Errors;

/// <summary>
/// The body of every error response: RFC 9457 problem details plus the members that clients of the NestJS
/// original read (<c>statusCode</c>, <c>timestamp</c>, <c>path</c>, <c>message</c>, <c>error</c>).
/// </summary>
public sealed record ProblemBody
{
    [JsonPropertyName("title")] public required string Title { get; init; }

    [JsonPropertyName("status")] public required int Status { get; init; }

    [JsonPropertyName("statusCode")] public required int StatusCode { get; init; }

    [JsonPropertyName("timestamp")] public required string Timestamp { get; init; }

    [JsonPropertyName("path")] public required string Path { get; init; }

    [JsonPropertyName("message")] public required string Message { get; init; }

    [JsonPropertyName("error")] public string? Error { get; init; }

    /// <summary>What was wrong and what to do next, as far as the request alone shows it.</summary>
    [JsonPropertyName("detail")] public string? Detail { get; init; }

    /// <summary>The <c>x-request-id</c> of the answer.</summary>
    [JsonPropertyName("requestId")] public required string RequestId { get; init; }

    /// <summary>Of a 401: the bytes that arrived, to compare with those that were signed.</summary>
    [JsonPropertyName("receivedBytes")] public int? ReceivedBytes { get; init; }

    /// <summary>Of a 401: SHA-256 of these bytes in hex.</summary>
    [JsonPropertyName("bodySha256")] public string? BodySha256 { get; init; }

    /// <summary>The errors of each invalid field; null for other errors.</summary>
    [JsonPropertyName("errors")] public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The message of a 413, as the original says it.</summary>
    public const string EntityTooLarge = "request entity too large";

    public static Task WriteAsync(
        HttpContext http, int status, string message, IReadOnlyDictionary<string, string[]>? errors = null,
        string? detail = null, ReceivedBody? received = null)
    {
        var title = ReasonPhrases.GetReasonPhrase(status);
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        http.Response.StatusCode = status;
        var body = new ProblemBody
        {
            Title = title,
            Status = status,
            StatusCode = status,
            Timestamp = IsoTime.Text(now),
            Path = TargetOf(http),
            Message = message,
            Error = NamesItsError(status, errors) ? title : null,
            Detail = detail,
            RequestId = http.TraceIdentifier,
            ReceivedBytes = received?.Bytes,
            BodySha256 = received?.Sha256,
            Errors = errors,
        };
        return http.Response.WriteAsJsonAsync(
            body, ProblemJson.Default.ProblemBody, "application/problem+json; charset=utf-8", CancellationToken.None);
    }

    /// <summary>The original's message for an unknown route; a hidden route answers the same.</summary>
    public static string CannotServe(HttpContext http) => $"Cannot {http.Request.Method} {TargetOf(http)}";

    private static string TargetOf(HttpContext http) => http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    // The RabbitMQ original gave `error` with 401, 404 and syntax errors, but not with field errors, 413 or 500.
    private static bool NamesItsError(int status, IReadOnlyDictionary<string, string[]>? errors)
        => status is StatusCodes.Status401Unauthorized or StatusCodes.Status404NotFound
           || (status is StatusCodes.Status400BadRequest && errors is null);
}

/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 in hex.</param>
public readonly record struct ReceivedBody(int Bytes, string Sha256);

/// <summary>Declares in the API description that an operation answers with <see cref="ProblemBody"/>.</summary>
public sealed class ProducesProblemAttribute(int status)
    : ProducesResponseTypeAttribute(typeof(ProblemBody), status, "application/problem+json");

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemJson : JsonSerializerContext;
