using System.Text;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Features.ReceiveEvent.FromSource;

/// <summary>One request of a source: its raw bytes, and the only way to answer it; valid until the request ends.</summary>
internal sealed class SourceRequest(
    HttpContext http, Source source, RequestValues values, BodyBudget budget, ReceiveEventTelemetry telemetry) : IDisposable
{
    private readonly long _started = telemetry.Start();
    private readonly RequestBody _body = new(source.MaxBodyBytes, budget);

    public ReadOnlyMemory<byte> Body => _body.Bytes;

    /// <summary>Null when the whole body was read.</summary>
    public ValueTask<Rejection?> ReadAsync() => _body.ReadAsync(http);

    public void Verified() => _body.Verified();

    /// <summary>Counts, logs and writes the response. Every response to a request of a source is written here.</summary>
    public Task AnswerAsync(SourceResult result)
    {
        switch (result)
        {
            case SourceResult.Accepted accepted:
                telemetry.Accepted(
                    source.Name, accepted.SecretId, accepted.Events, accepted.Enqueued, accepted.Counts, _started);
                return WriteAcceptedAsync(accepted);
            case SourceResult.Handshake handshake:
                telemetry.Handshake(source.Name);
                return WriteAsync(handshake.Answer, handshake.Body);
            case SourceResult.Rejected { Rejection: var rejection }:
                if (!rejection.HasWholeBody) ServerRejections.MarkReported(http);
                telemetry.Rejected(http, Body, rejection, source.Name, _started);
                return http.RequestAborted.IsCancellationRequested ? Task.CompletedTask : rejection.WriteAsync(http);
            case SourceResult.Unavailable unavailable:
                telemetry.NotDurable(http, Body, unavailable.Cause, _started);
                return Rejection.Unavailable.WriteAsync(http);
            default:
                throw new ArgumentOutOfRangeException(nameof(result), result, null);
        }
    }

    public void Dispose() => _body.Dispose();

    private Task WriteAcceptedAsync(SourceResult.Accepted accepted)
    {
        string? id = null;
        if (accepted.Events is [{ Defect: null } e])
        {
            id = e.Key.EventId;
            http.Response.Headers.Location = $"/v1/events-gateway/events/{e.Key}";
            if (accepted.Enqueued[0].Status == EnqueueStatus.Duplicate) http.Response.Headers["Idempotent-Replayed"] = "true";
        }

        var parts = new TemplateValues
        {
            Request = values, Body = Body, Json = Verifier.Read(source.AnswerPaths, Body), Id = id,
        };
        return WriteAsync(source.Answer, source.Answer.Body?.Render(parts) ?? "");
    }

    private Task WriteAsync(SourceAnswer answer, string body)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        if (answer.Status == StatusCodes.Status204NoContent) return Task.CompletedTask;
        var bytes = Encoding.UTF8.GetBytes(body);
        response.ContentType = $"{answer.ContentType}; charset=utf-8";
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes).AsTask();
    }
}
