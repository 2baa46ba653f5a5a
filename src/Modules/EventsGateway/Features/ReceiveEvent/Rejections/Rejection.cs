using System.Globalization;
using FluentValidation.Results;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Features.ReceiveEvent.Rejections;

/// <param name="Status">The status code of the response.</param>
/// <param name="Reason">One of <see cref="RejectionReason"/>.</param>
/// <param name="Message">The message in the body of the response.</param>
internal sealed record Rejection(int Status, string Reason, string Message)
{
    public static readonly Rejection TooLarge =
        new(StatusCodes.Status413PayloadTooLarge, RejectionReason.TooLarge, ProblemBody.EntityTooLarge);

    public static readonly Rejection MissingSignature =
        new(StatusCodes.Status401Unauthorized, RejectionReason.MissingSignature, "Missing signature");

    public static readonly Rejection InvalidSignature =
        new(StatusCodes.Status401Unauthorized, RejectionReason.InvalidSignature, "Invalid signature");

    public static readonly Rejection OtherType = new(
        StatusCodes.Status415UnsupportedMediaType, RejectionReason.UnsupportedMediaType,
        "Only application/json in UTF-8 without Content-Encoding is accepted");

    /// <summary>Of a configured source, whose content type is judged by the bytes.</summary>
    public static readonly Rejection Compressed =
        new(StatusCodes.Status415UnsupportedMediaType, RejectionReason.UnsupportedMediaType, "Unsupported Content-Encoding")
        {
            Detail = "the body is compressed (Content-Encoding): send it uncompressed, and sign those bytes",
        };

    /// <summary>Of a handshake whose value must come back.</summary>
    public static readonly Rejection UnfitEcho =
        new(StatusCodes.Status400BadRequest, RejectionReason.InvalidField, "Bad Request")
        {
            Detail = "the value to repeat is missing, has more than 256 characters, or others than A-Z a-z 0-9 . _ ~ + / = : -",
        };

    public static readonly Rejection Unavailable =
        new(StatusCodes.Status503ServiceUnavailable, RejectionReason.Unavailable, "Not accepted: try again later");

    /// <summary>Of a body that was not read: those that are not verified hold the whole budget.</summary>
    public static readonly Rejection Overloaded =
        new(StatusCodes.Status503ServiceUnavailable, RejectionReason.Overloaded, "Not accepted: try again later")
        {
            Detail = "too many bodies are arriving at the same time: send the event again",
        };

    /// <summary>Field name to its errors; empty unless the reason is <see cref="RejectionReason.InvalidField"/>.</summary>
    public IReadOnlyDictionary<string, string[]> Fields { get; init; } = new Dictionary<string, string[]>();

    /// <summary>What the sender should change, as far as the request shows it.</summary>
    public string? Detail { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Length and hash of the body, where the answer has them.</summary>
    public ReceivedBody? Received { get; init; }

    public bool HasWholeBody => Reason is not (
        RejectionReason.TooLarge or RejectionReason.IncompleteBody or RejectionReason.BadRequest or RejectionReason.Overloaded);

    /// <param name="reason">missing_signature or invalid_signature.</param>
    /// <param name="detail">What to change.</param>
    public static Rejection OfProof(string reason, string? detail)
        => (reason == RejectionReason.MissingSignature ? MissingSignature : InvalidSignature) with { Detail = detail };

    /// <summary>Of an address that sends no valid signature, or of a source above its limit.</summary>
    public static Rejection TooMany(TimeSpan wait)
        => new(StatusCodes.Status429TooManyRequests, RejectionReason.TooManyRequests, "Too many requests")
        {
            Detail = "send the event again after the time in Retry-After", RetryAfter = wait,
        };

    public static Rejection Malformed(string message)
        => new(StatusCodes.Status400BadRequest, RejectionReason.MalformedBody, message);

    public static Rejection InvalidFields(IEnumerable<ValidationFailure> failures)
        => new(StatusCodes.Status400BadRequest, RejectionReason.InvalidField, "Bad Request")
        {
            Fields = failures.GroupBy(failure => failure.PropertyName, failure => failure.ErrorMessage)
                .ToDictionary(field => field.Key, field => field.ToArray()),
        };

    /// <summary>The response. A 503 comes with a wait of 1 to 3 s, so that not all senders repeat at once.</summary>
    public Task WriteAsync(HttpContext http)
    {
        // The rest of the body is of no use, and a sender that has not begun it must not take this connection for another.
        if (!HasWholeBody && HttpProtocol.IsHttp11(http.Request.Protocol)) http.Response.Headers.Connection = "close";
        var wait = Status == StatusCodes.Status503ServiceUnavailable ? Random.Shared.Next(1, 4) : RetryAfter?.TotalSeconds;
        if (wait is { } seconds)
            http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(seconds)).ToString(CultureInfo.InvariantCulture);
        return ProblemBody.WriteAsync(http, Status, Message, Fields.Count == 0 ? null : Fields, Detail, Received);
    }
}
