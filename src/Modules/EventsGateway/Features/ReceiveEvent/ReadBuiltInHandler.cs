using FluentValidation;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Sources;
using MediatR;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>Says what a request of the built-in source would be; stores and counts nothing.</summary>
internal sealed class ReadBuiltInHandler(
    IEnumerable<IValidator<ReceiveEventCommand>> validators, IOptions<WebhookOptions> options, TimeProvider time)
    : IRequestHandler<ReadBuiltInQuery, BuiltInReading>
{
    public Task<BuiltInReading> Handle(ReadBuiltInQuery request, CancellationToken cancellationToken)
        => Task.FromResult(Read(request));

    private BuiltInReading Read(ReadBuiltInQuery request)
    {
        var (headers, body) = (request.Headers, request.Body);
        var before = body.Length > options.Value.MaxBodyBytes ? TextOf(Rejection.TooLarge)
            : JsonMediaType.IsCompressed(headers) ? TextOf(Rejection.OtherType) : null;
        var after = body.IsEmpty || JsonMediaType.IsJson(headers) ? null : TextOf(Rejection.OtherType);
        if (!ReceiveEventDto.TryParse(body.Span, out var sent, out var rejection))
            return new BuiltInReading(before, after ?? TextOf(rejection), null);
        var command = new ReceiveEventCommand(sent, body, headers);
        var failures = validators.SelectMany(validator => validator.Validate(command).Errors).ToList();
        return failures.Count > 0
            ? new BuiltInReading(before, after ?? TextOf(Rejection.InvalidFields(failures)), null)
            : new BuiltInReading(before, after, ReceiveEventHandler.EventOf(command, time.GetUtcNow()));
    }

    private static string TextOf(Rejection rejection) => rejection.Fields.Count == 0
        ? $"{rejection.Status}: {rejection.Message}"
        : $"{rejection.Status}: {string.Join("; ", rejection.Fields.Values.SelectMany(errors => errors))}";
}
