using System.Globalization;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>The door.</summary>
[Tags("Webhooks")]
[ApiExplorerSettings(IgnoreApi = false)]
public sealed class ReceiveEventController(IMediator mediator) : ControllerBase
{
    private static readonly byte[] Accepted202 = """{"status":"accepted"}"""u8.ToArray();

    /// <summary>Accepts a courier's notification. A 202 is a promise: the event is durable.</summary>
    [HttpPost("v1/events-gateway")]
    [HmacSigned]
    [ProducesResponseType(StatusCodes.Status202Accepted)]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status401Unauthorized, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status413PayloadTooLarge, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status415UnsupportedMediaType, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status503ServiceUnavailable, "application/problem+json")]
    public async Task ReceiveAsync()
    {
        var body = HttpContext.Features.GetRequiredFeature<SignedBody>();
        var sent = body.Event = ReceiveEventDto.Parse(body.Bytes.Span);
        var command = new ReceiveEventCommand(sent, body.Bytes, Request.Headers);
        var result = await mediator.Send(command, CancellationToken.None);
        body.Enqueued = result.Enqueued;
        if (result.Enqueued == EnqueueResult.NotDurable)
        {
            Response.Headers.RetryAfter = Random.Shared.Next(1, 4).ToString(CultureInfo.InvariantCulture);
            await ProblemBody.WriteAsync(HttpContext, Rejection.Unavailable.Status, Rejection.Unavailable.Message);
            return;
        }

        Response.StatusCode = StatusCodes.Status202Accepted;
        Response.Headers.Location = $"/v1/events-gateway/events/{result.Key}";
        if (result.Enqueued == EnqueueResult.Duplicate) Response.Headers["Idempotent-Replayed"] = "true";
        Response.ContentType = "application/json; charset=utf-8";
        Response.ContentLength = Accepted202.Length;
        await Response.Body.WriteAsync(Accepted202);
    }
}
