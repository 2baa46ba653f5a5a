using FluentValidation;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <param name="Status">What it was answered.</param>
/// <param name="Reason">One of <see cref="RejectionReason"/>.</param>
/// <param name="Message">What the courier was told.</param>
internal sealed record Rejection(int Status, string Reason, string Message)
{
    public static readonly Rejection TooLarge = new(StatusCodes.Status413PayloadTooLarge, RejectionReason.TooLarge, "request entity too large");

    public static readonly Rejection MissingSignature = new(StatusCodes.Status401Unauthorized, RejectionReason.MissingSignature, "Missing signature");

    public static readonly Rejection InvalidSignature = new(StatusCodes.Status401Unauthorized, RejectionReason.InvalidSignature, "Invalid signature");

    public static readonly Rejection OtherType = new(
        StatusCodes.Status415UnsupportedMediaType, RejectionReason.UnsupportedMediaType,
        "Only application/json in UTF-8 without Content-Encoding is accepted");

    public static readonly Rejection Unavailable = new(
        StatusCodes.Status503ServiceUnavailable, RejectionReason.Unavailable, "Not accepted: try again later");

    public IReadOnlyDictionary<string, string[]> Fields { get; init; } = new Dictionary<string, string[]>();

    public static Rejection? Of(Exception thrown) => thrown switch
    {
        ValidationException invalid => new Rejection(StatusCodes.Status400BadRequest, RejectionReason.InvalidField, "Bad Request")
        {
            Fields = invalid.Errors.GroupBy(mistake => mistake.PropertyName)
                .ToDictionary(field => field.Key, field => field.Select(mistake => mistake.ErrorMessage).ToArray()),
        },
        RequestRejectedException refused => new Rejection(refused.StatusCode, RejectionReason.MalformedBody, refused.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge,
        BadHttpRequestException bad => new Rejection(bad.StatusCode, RejectionReason.MalformedBody, "Bad Request"),
        _ => null,
    };
}
