using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>One webhook request: its raw bytes, and the only way to answer it. Both are valid until the request ends.</summary>
internal sealed class WebhookRequest(
    HttpContext http, int maxBodyBytes, BodyBudget budget, ReceiveEventTelemetry telemetry) : IDisposable
{
    private static readonly byte[] AcceptedBody = """{"status":"accepted"}"""u8.ToArray();

    private readonly long _started = telemetry.Start();

    private readonly RequestBody _body = new(maxBodyBytes, budget);

    public ReadOnlyMemory<byte> Body => _body.Bytes;

    /// <summary>The secret that signed the body; null before it is verified.</summary>
    public string? SecretId { get; private set; }

    /// <summary>Null when the whole body was read.</summary>
    public ValueTask<Rejection?> ReadAsync() => _body.ReadAsync(http);

    public void Verified(string secretId)
    {
        SecretId = secretId;
        _body.Verified();
    }

    /// <summary>Counts, logs and writes the response. Every response to a webhook request is written here.</summary>
    public Task AnswerAsync(ReceiveEventResult result)
    {
        if (result is ReceiveEventResult.Rejected rejected) result = Explained(rejected);
        else if (result.Event is { } e) http.TraceIdentifier = e.RequestIdOrOwn;
        telemetry.Answered(http, Body, result, _started);
        switch (result)
        {
            case ReceiveEventResult.Accepted accepted:
                return WriteAcceptedAsync(accepted);
            case ReceiveEventResult.Rejected { Rejection: var rejection }:
                return http.RequestAborted.IsCancellationRequested ? Task.CompletedTask : rejection.WriteAsync(http);
            default:
                return Rejection.Unavailable.WriteAsync(http);
        }
    }

    public void Dispose() => _body.Dispose();

    private Task WriteAcceptedAsync(ReceiveEventResult.Accepted accepted)
    {
        var response = http.Response;
        response.StatusCode = StatusCodes.Status202Accepted;
        response.Headers.Location = $"/v1/events-gateway/events/{accepted.Event.Key}";
        if (accepted.Enqueued.Status == EnqueueStatus.Duplicate) response.Headers["Idempotent-Replayed"] = "true";
        if (accepted.Enqueued.IsConflict) response.Headers["Idempotency-Conflict"] = "true";
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = AcceptedBody.Length;
        return response.Body.WriteAsync(AcceptedBody).AsTask();
    }

    private ReceiveEventResult.Rejected Explained(ReceiveEventResult.Rejected result)
    {
        if (!result.Rejection.HasWholeBody) ServerRejections.MarkReported(http);
        var detail = RejectionHints.Of(result.Rejection, http.Request, Body.Span, maxBodyBytes);
        // The sender of a wrong signature sees from length and hash whether its body arrived as it was signed.
        var received = result.Rejection.Status == StatusCodes.Status401Unauthorized ? _body.Received : (ReceivedBody?)null;
        return result with { Rejection = result.Rejection with { Detail = detail, Received = received } };
    }
}
