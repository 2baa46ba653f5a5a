using FluentValidation;
using Gateway.EventsGateway.Telemetry;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <param name="Status">What it was answered.</param>
/// <param name="Reason">One of <see cref="RefusalReason"/>.</param>
/// <param name="Message">What the courier was told.</param>
internal sealed record DoorRefusal(int Status, string Reason, string Message)
{
    public static readonly DoorRefusal TooLarge = new(StatusCodes.Status413PayloadTooLarge, RefusalReason.TooLarge, "request entity too large");

    public static readonly DoorRefusal MissingSignature = new(StatusCodes.Status401Unauthorized, RefusalReason.MissingSignature, "Missing signature");

    public static readonly DoorRefusal InvalidSignature = new(StatusCodes.Status401Unauthorized, RefusalReason.InvalidSignature, "Invalid signature");

    public static readonly DoorRefusal OtherType = new(
        StatusCodes.Status415UnsupportedMediaType, RefusalReason.UnsupportedMediaType,
        "Only application/json in UTF-8 without Content-Encoding is accepted");

    public static readonly DoorRefusal Unavailable = new(
        StatusCodes.Status503ServiceUnavailable, RefusalReason.Unavailable, "Not accepted: try again later");

    public IReadOnlyDictionary<string, string[]> Fields { get; init; } = new Dictionary<string, string[]>();

    public static DoorRefusal? Of(Exception thrown) => thrown switch
    {
        ValidationException invalid => new DoorRefusal(StatusCodes.Status400BadRequest, RefusalReason.InvalidField, "Bad Request")
        {
            Fields = invalid.Errors.GroupBy(mistake => mistake.PropertyName)
                .ToDictionary(field => field.Key, field => field.Select(mistake => mistake.ErrorMessage).ToArray()),
        },
        RequestRefusedException refused => new DoorRefusal(refused.StatusCode, RefusalReason.MalformedBody, refused.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge,
        BadHttpRequestException bad => new DoorRefusal(bad.StatusCode, RefusalReason.MalformedBody, "Bad Request"),
        _ => null,
    };
}
