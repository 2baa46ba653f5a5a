using System.Security.Cryptography;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Gateway.Shared.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// Reports a repeated key with another body, wherever it is detected. All conflicts are counted, one per second is logged, and
/// some are kept for operators.
/// </summary>
internal sealed class ConflictTelemetry(
    GatewayMetrics metrics, RejectedRequestLog rejectedRequests, TimeProvider time, ILogger<ConflictTelemetry> log)
{
    private const string Hint =
        "an event with this id was accepted before with another body, which stays; a correction needs an event id of its own";

    private readonly Throttle _lines = new(time);

    public void Record(AcceptedEvent e)
    {
        metrics.AddConflict(e.Source);
        if (_lines.Allows()) EventsGatewayLog.Conflict(log, e.Key, new TraceId(e.Traceparent), e.RequestIdOrOwn);
        rejectedRequests.Report(e.Source, RejectionReason.Conflict, () => RecordOf(e));
    }

    private static RejectedRequest RecordOf(AcceptedEvent e) => new()
    {
        At = IsoTime.Text(e.ReceivedAt),
        RequestId = e.RequestIdOrOwn,
        Source = e.Source,
        Status = StatusCodes.Status202Accepted,
        Reason = RejectionReason.Conflict,
        Message = "accepted",
        Hint = Hint,
        BodyBytes = e.Body.Length,
        BodySha256 = Convert.ToHexStringLower(SHA256.HashData(e.Body)),
        ShippingCompanyId = OutsideText.Clean(e.Key.ShippingCompanyId),
        EventId = OutsideText.Clean(e.Key.EventId),
    };
}
