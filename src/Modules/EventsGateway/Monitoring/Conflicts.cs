using System.Security.Cryptography;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// The same key with another body, wherever that is noticed: all are counted, one in a second is logged, and ten are kept for an
/// operator, for a record costs the hash of a body.
/// </summary>
internal sealed class Conflicts(GatewayMetrics metrics, RejectedRequestLog rejections, TimeProvider time, ILogger<Conflicts> log)
{
    private const string Hint = "an event with this id was accepted before with another body, which stays; a correction needs an event id of its own";

    private readonly Throttle _lines = new(time);
    private readonly Throttle _records = new(time, perSecond: 10);

    public void Add(AcceptedEvent e)
    {
        metrics.AddConflict();
        if (_lines.Allows()) EventsGatewayLog.Conflict(log, e.Key, new TraceId(e.Traceparent));
        if (_records.Allows()) rejections.Add(RecordOf(e));
    }

    private static RejectedRequest RecordOf(AcceptedEvent e) => new()
    {
        At = e.ReceivedAt,
        Status = StatusCodes.Status202Accepted,
        Reason = RejectionReason.Conflict,
        Message = "accepted",
        Hint = Hint,
        BodyBytes = e.Body.Length,
        BodySha256 = Convert.ToHexStringLower(SHA256.HashData(e.Body)),
        ShippingCompanyId = e.Key.ShippingCompanyId,
        EventId = e.Key.EventId,
    };
}
