using FluentValidation;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.Shared.Errors;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>The ingestion endpoint. <see cref="HmacMiddleware"/> has already verified the signature.</summary>
[Tags("Webhooks")]
[ApiExplorerSettings(IgnoreApi = false)]
public sealed class ReceiveEventController(IMediator mediator) : ControllerBase
{
    /// <summary>Accepts a shipping company's notification. A 202 is a promise: the event is durable.</summary>
    [HttpPost("v1/events-gateway", Name = "receiveEvent")]
    [HmacSigned]
    [ProducesResponseType(StatusCodes.Status202Accepted)]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    [ProducesProblem(StatusCodes.Status401Unauthorized)]
    [ProducesProblem(StatusCodes.Status408RequestTimeout)]
    [ProducesProblem(StatusCodes.Status413PayloadTooLarge)]
    [ProducesProblem(StatusCodes.Status415UnsupportedMediaType)]
    [ProducesProblem(StatusCodes.Status429TooManyRequests)]
    [ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
    public async Task ReceiveAsync()
    {
        var request = HttpContext.Features.GetRequiredFeature<WebhookRequest>();
        ReceiveEventResult result;
        if (ReceiveEventDto.TryParse(request.Body.Span, out var sent, out var rejection))
        {
            try
            {
                var command = new ReceiveEventCommand(sent, request.Body, Request.Headers, request.SecretId);
                result = await mediator.Send(command, CancellationToken.None);
            }
            catch (ValidationException invalid)
            {
                result = new ReceiveEventResult.Rejected(Rejection.InvalidFields(invalid.Errors), sent);
            }
        }
        else
        {
            result = new ReceiveEventResult.Rejected(rejection);
        }

        await request.AnswerAsync(result);
    }
}
